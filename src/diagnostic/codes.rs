//! The registry of codes: `explain`, the pages in `docs/errors/` and the tests read it.
//!
//! Bands: 00 syntax, 01 values and dates, 02 names, 03 duplicates and conflicts, 04 schema and checks,
//! 05 evidence, 09 index, 10 queries. A number is never used twice, not even after its rule is gone.

use super::Severity;

/// One kind of finding.
#[derive(Debug)]
pub struct Code {
    /// `KB0201`.
    pub number: &'static str,
    /// `unknown-entity`: what people say.
    pub name: &'static str,
    /// What the rule is about, in a few words.
    pub title: &'static str,
    /// How grave a finding of this kind is unless something lowers it.
    pub severity: Severity,
    /// The long text, in Markdown: what is wrong, why it matters, how to mend it.
    pub explanation: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.number == other.number
    }
}

impl Eq for Code {}

macro_rules! registry {
    ($($constant:ident $number:literal $name:literal $severity:ident $title:literal)*) => {
        /// One constant a code.
        pub mod registry {
            use super::{Code, Severity};
            $(
                #[doc = $title]
                pub static $constant: &Code = &Code {
                    number: $number,
                    name: $name,
                    title: $title,
                    severity: Severity::$severity,
                    explanation: include_str!(concat!("../../docs/errors/", $number, ".md")),
                };
            )*
        }

        /// Every code, in the order of the numbers.
        pub static CODES: &[&Code] = &[$(registry::$constant),*];
    };
}

registry! {
    NOT_TEXT            "KB0001" "not-text"             Error   "a file is not a text"
    NOT_UTF8            "KB0002" "not-utf8"             Error   "a file is not encoded in UTF-8"
    NO_ITEM             "KB0003" "no-item"              Error   "a line at the margin begins no item"
    ORPHAN_LINE         "KB0004" "orphan-line"          Error   "an indented line has no item above it"
    UNEXPECTED_TEXT     "KB0005" "unexpected-text"      Error   "something stands where it does not belong"
    UNCLOSED_STRING     "KB0006" "unclosed-string"      Error   "a quotation mark is never closed"
    UNKNOWN_ESCAPE      "KB0007" "unknown-escape"       Error   "a backslash in a string stands before something it cannot escape"
    UNCLOSED_BRACKET    "KB0008" "unclosed-bracket"     Error   "a bracket or parenthesis is never closed"
    MISSING_VALUE       "KB0009" "missing-value"        Error   "a value is missing"
    MISSING_COMMA       "KB0010" "missing-comma"        Error   "two values stand side by side with no comma"
    ROW_TOO_LONG        "KB0011" "row-too-long"         Error   "a table's row has more cells than the table has columns"
    BAD_PARENTHESIS     "KB0012" "bad-parenthesis"      Error   "a parenthesis holds something that qualifies nothing"
    BAD_DECLARATION     "KB0013" "bad-declaration"      Error   "a declaration cannot be read"

    NOT_A_DATE          "KB0101" "not-a-date"           Error   "a value is not a date"
    NOT_A_NUMBER        "KB0102" "not-a-number"         Error   "a value is not a number"
    NOT_A_QUANTITY      "KB0103" "not-a-quantity"       Error   "a value is not a number with its unit"
    UNKNOWN_UNIT        "KB0104" "unknown-unit"         Error   "a unit is not one of the field's"
    NEEDS_QUOTES        "KB0105" "needs-quotes"         Error   "a text stands without quotation marks"
    NEEDS_NO_QUOTES     "KB0106" "needs-no-quotes"      Error   "a value stands in quotation marks that is no text"
    NOT_A_URL           "KB0107" "not-a-url"            Error   "a value is not an address of the web"
    NONE_NOT_ALLOWED    "KB0108" "none-not-allowed"     Error   "`none` stands in a field that must have a value"
    STRETCH_AS_DATE     "KB0109" "stretch-as-date"      Error   "a stretch of time stands in a field for one date"

    IMPOSSIBLE_ORDER    "KB0110" "impossible-order"     Error   "relative dates contradict each other or lead in a circle"

    UNKNOWN_ENTITY      "KB0201" "unknown-entity"       Error   "an identifier names no record"
    UNKNOWN_RELATION    "KB0202" "unknown-relation"     Error   "an item begins with a word that is no relation"
    UNKNOWN_FIELD       "KB0203" "unknown-field"        Error   "a relation has no such field"
    UNKNOWN_WORD        "KB0204" "unknown-word"         Error   "a word is not one of the field's"
    WRONG_RELATION      "KB0205" "wrong-relation"       Error   "a record of another relation is named"
    NAME_AS_REFERENCE   "KB0206" "name-as-reference"    Error   "a record is referred to by its name instead of its identifier"
    UNKNOWN_TYPE        "KB0207" "unknown-type"         Error   "a field's type is neither built in nor a relation"

    NAME_OUT_OF_TIME    "KB0208" "name-out-of-time"     Note    "a text uses a name that was not in use at its time"

    DUPLICATE_ID        "KB0301" "duplicate-id"         Error   "two records have the same identifier"
    TOO_FEW_VALUES      "KB0302" "too-few-values"       Error   "a field has fewer values than it must have"
    TOO_MANY_VALUES     "KB0303" "too-many-values"      Error   "a field has more values than it may have"
    NOT_UNIQUE          "KB0304" "not-unique"           Error   "two records share a value that must be unique"
    CYCLE               "KB0305" "cycle"                Error   "a field that must not come back to its start does"
    REPEATED_VALUE      "KB0306" "repeated-value"       Warning "a field gives the same value twice"
    NONE_BESIDE_VALUE   "KB0307" "none-beside-value"    Error   "`none` stands beside a value"

    RESERVED_NAME       "KB0401" "reserved-name"        Error   "a declaration uses a name that the language keeps for itself"
    NAME_CLASH          "KB0402" "name-clash"           Error   "two declarations use the same name"
    BAD_CARDINALITY     "KB0403" "bad-cardinality"      Error   "a field's cardinality contradicts something else"
    BAD_INVERSE         "KB0404" "bad-inverse"          Error   "`inverse` or `acyclic` stands on a field that refers to no record"
    BAD_UNION           "KB0405" "bad-union"            Error   "a union names something that is no relation, or names itself"

    CHECK_FAILED        "KB0406" "check-failed"         Error   "a check of the base finds a record"
    EXPECTATION_FAILED  "KB0407" "expectation-failed"   Error   "a question of the base is answered otherwise than expected"
    DOUBTFUL_CHECK      "KB0408" "doubtful-check"       Warning "a check asks for what cannot be"
    IDLE_CHECK          "KB0409" "idle-check"           Note    "a check has nothing to look at"

    NO_SOURCE           "KB0501" "no-source"            Warning "a fact cites no source"

    LONE_LOCATOR        "KB0502" "lone-locator"         Error   "a place in a source does not say in which"
    INFERRED_ALONE      "KB0503" "inferred-alone"       Error   "an inferred statement has no note that gives the reason"

    QUERY_SYNTAX        "KB1001" "query-syntax"         Error   "a query cannot be read"
    MIXED_AND_OR        "KB1002" "mixed-and-or"         Error   "`and` and `or` stand side by side without parentheses"
    UNKNOWN_SOURCE      "KB1003" "unknown-query-source" Error   "a query begins with something that is no relation"
    UNKNOWN_STEP        "KB1004" "unknown-step"         Error   "a path takes a step that does not exist"
    UNKNOWN_NAME        "KB1005" "unknown-name"         Error   "a query names a record or word that does not exist"
    AMBIGUOUS_NAME      "KB1006" "ambiguous-name"       Error   "a name in a query fits several records"
    WRONG_COMPARISON    "KB1007" "wrong-comparison"     Error   "a comparison does not fit what it compares"
    BAD_LITERAL         "KB1008" "bad-literal"          Error   "a date or number in a query cannot be read"
    REPEATED_CLAUSE     "KB1009" "repeated-clause"      Error   "a query has the same clause twice"
    FOREIGN_HABIT       "KB1010" "foreign-habit"        Error   "a query is written as in another language"
    TOO_DEEP            "KB1011" "too-deep"             Error   "a query is nested too deeply or too long"
    UNBOUND_VARIABLE    "KB1013" "unbound-variable"     Error   "nothing says what a variable ranges over"
    UNUSED_VARIABLE     "KB1014" "unused-variable"      Error   "a variable is bound and never used"
    UNUSED_PARAMETER    "KB1015" "unused-parameter"     Error   "a rule never speaks of one of its parameters"
    EMPTY_RULE          "KB1016" "empty-rule"           Error   "nothing can ever follow from a rule"
    NEGATION_CYCLE      "KB1017" "negation-cycle"       Error   "a rule depends on its own negation"
    UNKNOWN_RULE        "KB1018" "unknown-rule"         Error   "a rule is called that does not exist"
    WRONG_ARGUMENTS     "KB1019" "wrong-arguments"      Error   "a rule is called with arguments that do not fit its parameters"
    FAULTY_DEFINITION   "KB1020" "faulty-definition"    Error   "a rule or saved query is used that has faults of its own"
    WRONG_ROWS          "KB1021" "wrong-rows"           Error   "a question inside another gives no records"
}

/// Finds a code by its number (`KB0201`, in any case) or its name (`unknown-entity`).
pub fn code_named(written: &str) -> Option<&'static Code> {
    CODES.iter().copied().find(|code| {
        code.number.eq_ignore_ascii_case(written) || code.name.eq_ignore_ascii_case(written)
    })
}
