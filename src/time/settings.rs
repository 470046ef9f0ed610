//! What a project may settle about the reading of dates.

/// How a project reads what EDTF leaves to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// By how many units of what it qualifies a `~` or `%` widens a date: `1926~` by one year on
    /// both sides if 1, not at all if 0.
    pub approximate_units: u16,
    /// Where the seasons 21 to 24 are taken to be, which EDTF leaves open.
    pub hemisphere: Hemisphere,
}

/// One half of the Earth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hemisphere {
    /// Spring begins in March.
    Northern,
    /// Spring begins in September.
    Southern,
}

impl Settings {
    /// The settings of a project that sets nothing.
    pub const DEFAULT: Settings =
        Settings { approximate_units: 1, hemisphere: Hemisphere::Northern };
    /// Reads a date as strictly as it is written: `~` does not widen it.
    pub const STRICT: Settings =
        Settings { approximate_units: 0, hemisphere: Hemisphere::Northern };
}

impl Default for Settings {
    fn default() -> Settings {
        Settings::DEFAULT
    }
}
