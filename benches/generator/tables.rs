//! The records of a generated base as tables of comma-separated values, as other engines import them.
//!
//! A date is three columns: as written, and the first and last day that it may be, as numbers such as 19220416. No
//! value needs quotation marks.

use super::records::Record;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The tables with their columns.
pub const TABLES: [(&str, &str); 8] = [
    ("polity", "id,name,founded,founded_first,founded_last"),
    ("person", "id,name,also,served,born,born_first,born_last,source,locator"),
    ("office", "id,name,polity"),
    ("tenure", "person,office,period,start_first,start_last,end_first,end_last,note"),
    ("treaty", "id,name,signed,signed_first,signed_last,kind,source,locator"),
    ("treaty_party", "treaty,party"),
    ("event", "id,name,date,date_first,date_last,led_to"),
    ("event_participant", "event,participant"),
];

/// The files that are being written.
pub struct Tables(Vec<BufWriter<File>>);

impl Tables {
    /// Begins a file for each table.
    pub fn begin(folder: &Path) -> io::Result<Tables> {
        std::fs::create_dir_all(folder)?;
        let files = TABLES.iter().map(|(name, columns)| {
            let mut file = BufWriter::new(File::create(folder.join(format!("{name}.csv")))?);
            writeln!(file, "{columns}")?;
            Ok(file)
        });
        Ok(Tables(files.collect::<io::Result<_>>()?))
    }

    /// Writes a record into its tables.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let [polities, persons, offices, tenures, treaties, parties, events, participants] =
            self.0.as_mut_slice()
        else {
            return Ok(());
        };
        match record {
            Record::Polity { at, name, founded } => {
                let (first, last) = founded.bounds();
                writeln!(polities, "polity-{at},{name},{},{first},{last}", founded.edtf())
            }
            Record::Person { at, name, served, born, locator } => {
                let (first, last) = born.bounds();
                let born = born.edtf();
                writeln!(
                    persons,
                    "person-{at},{name},P. {at},polity-{served},{born},{first},{last},archive,roll {locator}"
                )
            }
            Record::Office { at, name, polity } => {
                writeln!(offices, "office-{at},{name},polity-{polity}")
            }
            Record::Tenure { person, office, start, end, note } => {
                let ((start_first, start_last), (end_first, end_last)) =
                    (start.bounds(), end.bounds());
                let period = format!("{}/{}", start.edtf(), end.edtf());
                writeln!(
                    tenures,
                    "person-{person},office-{office},{period},{start_first},{start_last},{end_first},{end_last},{note}"
                )
            }
            Record::Treaty { at, name, parties: signing, signed, kind, locator } => {
                let (first, last) = signed.bounds();
                let signed = signed.edtf();
                writeln!(
                    treaties,
                    "treaty-{at},{name},{signed},{first},{last},{kind},archive,fol. {locator}"
                )?;
                signing.iter().try_for_each(|party| writeln!(parties, "treaty-{at},polity-{party}"))
            }
            Record::Event { at, name, date, person, polity, led_to } => {
                let (first, last) = date.bounds();
                let led_to = led_to.map_or(String::new(), |next| format!("event-{next}"));
                writeln!(events, "event-{at},{name},{},{first},{last},{led_to}", date.edtf())?;
                writeln!(participants, "event-{at},person-{person}")?;
                writeln!(participants, "event-{at},polity-{polity}")
            }
        }
    }

    /// Ends all files.
    pub fn end(self) -> io::Result<()> {
        self.0.into_iter().try_for_each(|mut file| file.flush())
    }
}
