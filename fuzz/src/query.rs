//! Questions: any text is understood or refused with a reason; what is understood is answered, and the answer is
//! written and explained.

use super::base;
use super::facts::points_into_its_text;
use regesta::index::Index;
use regesta::query::{self, Allowance, Answers, Match, Reasons, RowsOf};
use regesta::render::{AnswerFormat, Style, write_answers, write_query_findings};
use regesta::resolve;
use regesta::source::Sources;
use std::sync::LazyLock;

/// Longer questions cost time and show nothing else.
const MOST_BYTES: usize = 600;

static INDEX: LazyLock<Index> = LazyLock::new(base::open);

/// Asks bytes as a question of the base.
pub fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if text.len() <= MOST_BYTES {
        ask(&INDEX, text);
    }
}

fn ask(index: &Index, text: &str) {
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, findings) = resolve::query(index, &sources, file).expect("the index is sound");
    points_into_its_text(&sources, &findings);
    write_query_findings(&mut Vec::new(), &sources, &findings, Style::PLAIN)
        .expect("memory can be written");
    let Some(query) = query else {
        assert!(!findings.is_empty(), "refused without a reason: {text:?}");
        return;
    };
    let allowance = Allowance { reasons: Reasons::Plain, ..Allowance::default() };
    let answers = query::answer_with(index, &query, &allowance).expect("the index is sound");
    counts_what_it_shows(&answers, query.limit);
    for format in [AnswerFormat::Table, AnswerFormat::Json, AnswerFormat::Csv] {
        write_answers(&mut Vec::new(), text, &answers, format, Style::PLAIN)
            .expect("memory can be written");
    }
    query::plan(index, &query, &allowance).expect("the index is sound");
}

fn counts_what_it_shows(answers: &Answers, limit: Option<u64>) {
    for row in &answers.rows {
        assert_eq!(row.cells.len(), answers.columns.len(), "{answers:#?}");
    }
    if answers.rows_of == RowsOf::Records && limit.is_none() {
        let certain = answers.rows.iter().filter(|row| row.matched == Match::Certain).count();
        let counts = (answers.certain, answers.possible);
        assert_eq!((certain as u64, (answers.rows.len() - certain) as u64), counts);
    }
}
