//! The catalogue, and the head of the ledger, as bytes: the only user of bincode.

use super::layout::Catalogue;
use crate::model::CalendarUnit;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The most bytes that decoding may ask for, so that a wrong length cannot exhaust the memory.
const LIMIT: usize = 1 << 28;

/// Returns the catalogue as bytes, numbers of fixed width and little-endian.
pub(super) fn encode(catalogue: &Catalogue) -> Result<Vec<u8>, String> {
    encode_any(catalogue)
}

/// Reads a catalogue; every byte must belong to it.
pub(super) fn decode(bytes: &[u8]) -> Result<Catalogue, String> {
    decode_any(bytes)
}

/// Returns the number by which a calendar unit is stored: its place in the declaration.
pub(super) fn unit_code(unit: CalendarUnit) -> Result<u32, String> {
    let bytes = encode_any(&unit)?;
    let code = bytes.try_into().map_err(|_| "a calendar unit is not a plain number".to_owned())?;
    Ok(u32::from_le_bytes(code))
}

/// Returns the calendar unit of a number.
pub(super) fn unit_of(code: u32) -> Option<CalendarUnit> {
    decode_any(&code.to_le_bytes()).ok()
}

/// Returns a value as bytes, numbers of fixed width and little-endian.
pub(super) fn encode_any(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let config = bincode::config::standard().with_fixed_int_encoding().with_little_endian();
    bincode::serde::encode_to_vec(value, config.with_limit::<LIMIT>())
        .map_err(|error| error.to_string())
}

/// Reads a value; every byte must belong to it.
pub(super) fn decode_any<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let config = bincode::config::standard().with_fixed_int_encoding().with_little_endian();
    let decoded = bincode::serde::decode_from_slice(bytes, config.with_limit::<LIMIT>());
    let (value, used) = decoded.map_err(|error| error.to_string())?;
    // bincode ignores what follows.
    if used == bytes.len() {
        Ok(value)
    } else {
        Err(format!("{} bytes too many", bytes.len() - used))
    }
}
