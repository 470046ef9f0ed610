//! What a project may settle in its `regesta.toml`.
//!
//! In: the file's text. Out: [`Settings`]. A key that nobody knows is an error: a setting with a slip in its
//! name would be ignored in silence.

use serde::Deserialize;

/// A project's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Evidence.
    pub evidence: Evidence,
}

/// What is asked of evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Evidence {
    /// A fact without a source is an error, not a warning.
    pub require_source: bool,
}

/// Why `regesta.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`regesta.toml` cannot be used: {0}")]
pub struct SettingsError(String);

impl Settings {
    /// Reads the text of `regesta.toml`.
    ///
    /// # Errors
    /// What is wrong with it, with its line.
    pub fn parse(text: &str) -> Result<Settings, SettingsError> {
        toml::from_str(text)
            .map_err(|error| SettingsError(error.to_string().trim_end().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_settles_nothing() {
        assert_eq!(Settings::parse("").ok(), Some(Settings::default()));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let error = Settings::parse("[evidence]\nrequire-sources = true\n")
            .map_err(|error| error.to_string());
        assert!(error.is_err_and(|message| message.contains("require-sources")));
        let settings = Settings::parse("[evidence]\nrequire-source = true\n");
        assert!(settings.is_ok_and(|settings| settings.evidence.require_source));
    }
}
