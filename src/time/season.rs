//! The divisions of a year that EDTF writes in the place of the month, 21 to 41.

use super::calendar::Calendar;
use super::settings::Hemisphere;
use super::stretch::Stretch;

/// The first month of a division and how many months it has.
///
/// A season is three whole months, as climatologists reckon it; the standard sets no days.
fn months(code: u8, hemisphere: Hemisphere) -> (u8, i64) {
    let southern = match code {
        25..=28 => false,
        29..=32 => true,
        _ => hemisphere == Hemisphere::Southern,
    };
    match code {
        21..=32 => {
            let place = (code - 21) % 4;
            let place = if southern { (place + 2) % 4 } else { place };
            (3 + 3 * place, 3)
        }
        33..=36 => (1 + 3 * (code - 33), 3),
        37..=39 => (1 + 4 * (code - 37), 4),
        _ => (if code == 40 { 1 } else { 7 }, 6),
    }
}

/// How many months a division has.
pub(super) fn months_long(code: u8) -> i64 {
    months(code, Hemisphere::Northern).1
}

/// The days of a division. The one that begins in December ends in the following February.
pub(super) fn stretch(year: i64, code: u8, hemisphere: Hemisphere) -> Stretch {
    let (first_month, length) = months(code, hemisphere);
    let first = Calendar::Gregorian.first_of_month(year, first_month);
    Stretch::between(first, first.plus_months(length).previous())
}

/// The English name, with the months where the name does not tell them.
pub(super) fn name(code: u8) -> &'static str {
    match code {
        21 => "spring",
        22 => "summer",
        23 => "autumn",
        24 => "winter",
        25 => "northern spring",
        26 => "northern summer",
        27 => "northern autumn",
        28 => "northern winter",
        29 => "southern spring",
        30 => "southern summer",
        31 => "southern autumn",
        32 => "southern winter",
        33 => "the first quarter of",
        34 => "the second quarter of",
        35 => "the third quarter of",
        36 => "the fourth quarter of",
        37 => "the first four months of",
        38 => "the second four months of",
        39 => "the last four months of",
        40 => "the first half of",
        _ => "the second half of",
    }
}
