//! Names in use, reasons for what is only possible, and reasons for a whole answer.

use super::query::index_of;
use regesta::query::{Answers, CellValue, answer};
use regesta::resolve;
use regesta::source::Sources;

const BASE: &str = r#"
relation polity, polities "A state"
  founded: date ?

relation treaty, treaties "An agreement"
  party:  polity 2..  inverse treaties
  signed: date
  kind:   words peace | trade | non-aggression ?
  ended:  date ?

source notes "Lecture notes"
source carr "Carr"

cite notes "1"

polity russia "Russia"
  name: "Soviet Russia" (1917-11-07/1922-12-30), "USSR" (1922-12-30/1991-12-26)
polity germany "Germany"
  founded: 1871-01-18
polity poland "Poland"

treaty rapallo "Treaty of Rapallo"
  party:  germany, russia
  signed: 1922-04-16
  kind:   trade
treaty berlin "Treaty of Berlin"
  party:  germany, russia (source: carr "p. 9")
  signed: 1926-04-24
  kind:   non-aggression
treaty vague "Vague Agreement"
  party:  russia, poland (disputed)
  signed: [1921,1935]
treaty slip "Misdated Protocol"
  party:  russia, poland
  signed: 1939 (rejected; note: "a slip")
  signed: 1929-02-09
  kind:   peace
treaty placed "Undated Annexe"
  party:  germany, poland
  signed: 1926 (after: berlin)
"#;

fn answers_to(text: &str) -> Answers {
    let index = index_of(BASE);
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, said) = resolve::query(&index, &sources, file).expect("the index is sound");
    assert!(said.is_empty(), "{said:#?}");
    answer(&index, &query.expect("it is understood")).expect("the index is sound")
}

fn names_in(text: &str) -> String {
    let mut shown = String::new();
    for row in answers_to(text).rows {
        for cell in &row.cells {
            for value in &cell.values {
                shown += match value {
                    CellValue::Text(name) | CellValue::Entity { name: Some(name), .. } => name,
                    CellValue::Entity { id, .. } => id,
                    _ => "?",
                };
                shown.push(' ');
            }
            shown.push('|');
        }
        shown.push('\n');
    }
    shown
}

#[test]
fn a_name_is_the_one_in_use_at_the_date_of_the_row() {
    insta::assert_snapshot!(names_in("treaties where party = russia show id, party"), @r"
    vague |Russia Poland |
    rapallo |Germany Soviet Russia |
    berlin |Germany USSR |
    slip |USSR Poland |
    ");
    insta::assert_snapshot!(names_in("polities where id = russia show name"), @"Russia |");
    insta::assert_snapshot!(names_in("polities where id = russia as of 1920 show name"), @"Soviet Russia |");
    insta::assert_snapshot!(names_in("treaties where id = berlin as of 1920 show party"), @"Germany Soviet Russia |");
}
