//! Texts as no historian writes them: nothing panics, nothing hangs, every finding points into its text.

use crate::index_facts::Random;
use crate::texts::{check, told};
use regesta::diagnostic::{Diagnostic, MOST_OF_A_KIND};
use regesta::source::{Sources, Span};
use regesta::syntax::parse_file;
use std::fs;
use std::path::Path;

const SCHEMA: &str = "cite notes
source notes \"Notes\"
relation polity, polities \"A state\"
  founded: date ?
  succeeds: polity * acyclic
  area: integer *
  code: text * unique
  kind: words old | new *
";

fn assert_spans(sources: &Sources, findings: &[Diagnostic], what: &str) {
    for found in findings {
        let labels = std::iter::once(&found.primary).chain(&found.secondary);
        for label in labels {
            let Span { file, start, end } = label.span;
            let text = sources.file(file).text();
            let is_sound = text.is_char_boundary(start as usize)
                && text.is_char_boundary(end as usize)
                && start <= end;
            assert!(is_sound, "{what}: {found:?} points out of {:?}", &text[..text.len().min(400)]);
        }
        assert!(found.message.len() < 2000, "{what}: a long message: {}", found.message.len());
    }
}

/// Checks a text below the schema; returns how many findings there are in all, and how many are kept.
fn checked(what: &str, text: &str) -> (usize, usize) {
    let whole = format!("{SCHEMA}{text}");
    let (sources, findings) = check([("kb/a.kb", whole.as_bytes())]);
    assert_spans(&sources, &findings, what);
    (findings.iter().map(Diagnostic::weight).sum(), findings.len())
}

fn many(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

const MANY: usize = 20_000;

#[test]
fn long_lines_of_one_kind() {
    let pieces = [
        "a", "A-", "ж", "\"", "\"\"", "\"a\"", "[", "[[", "]", "{", "}", "(", "((", ")", "()", ",",
        ";", "|", "||", ":", "a: ", "a:", "a,", "a, ", "\"a\",", " ", "\t", "\r", "#", "\\",
        "\\\"", "@", "~", "?", "1", "1922,", "[1922],", "(a)", "(a;", "(note: ", "\u{a0}",
        "\u{301}", "\u{202e}", "🜨", "..", "/", "-", "_", "%", "=", "a\u{301}", "\u{feff}",
    ];
    let starts = [
        "",
        "polity p\n  founded: ",
        "polity p\n  also: ",
        "polity p\n  also: \"",
        "polity p\n  succeeds: ",
        "polity p\n  note: \"x\" (",
        "polity p \"",
        "polity p (",
        "table polity: id | name\n  ",
        "table polity: ",
        "relation ",
        "relation r, rs\n  f: ",
        "relation r, rs\n  f: words ",
        "union u = ",
        "cite ",
        "polity p\n  ",
        "query ",
        "polity p\n  area: ",
    ];
    for start in starts {
        for piece in pieces {
            checked(&format!("{start}{piece}…"), &format!("{start}{}\n", piece.repeat(3_000)));
        }
    }
}

#[test]
fn many_of_one_kind() {
    let quick = [
        ("blank lines", "\n".repeat(1_000_000), 0),
        ("comments", "# nothing\n".repeat(MANY), 0),
        ("fields", format!("polity p\n{}", "  note: \"x\"\n".repeat(MANY)), 0),
        ("values", format!("polity p\n  area: {}", many(MANY, |at| format!("{at}, ")) + "0.5"), 1),
        ("equal values", format!("polity p\n  area: {}7", "7, ".repeat(MANY - 1)), MANY - 1),
        ("texts", format!("polity p\n  also: {}\"\"", "\"\", ".repeat(MANY)), 0),
        ("parts", format!("polity p\n  also: \"\" ({}1922)", "1922;".repeat(MANY)), 1),
        (
            "unknown names",
            format!("polity p\n  succeeds: {}p", many(MANY, |at| format!("q{at}, "))),
            MANY + 1,
        ),
        ("unknown fields", format!("polity p\n{}", many(MANY, |at| format!("  f{at}: 1\n"))), MANY),
        ("unknown relations", many(MANY, |at| format!("r{at} x{at}\n")), MANY),
        (
            "unknown words",
            format!("polity p\n  kind: {}old", many(MANY, |at| format!("w{at}, "))),
            MANY,
        ),
        ("duplicates", "polity p\n".repeat(MANY), MANY - 1),
        ("cycles", many(MANY, |at| format!("polity p{at}\n  succeeds: p{at}\n")), MANY),
        (
            "a long way round",
            many(MANY, |at| format!("polity p{at}\n  succeeds: p{}\n", (at + 1) % MANY)),
            1,
        ),
        (
            "ways back",
            many(2_000, |at| format!("polity p{at}\n  succeeds: p{}, p0\n", (at + 1) % 2_000)),
            2_001,
        ),
        ("shared values", many(MANY, |at| format!("polity p{at}\n  code: \"x\"\n")), MANY - 1),
        (
            "shared by two",
            format!(
                "polity a\n  code: {c}\"\"\npolity b\n  code: {c}\"\"",
                c = many(3_000, |at| format!("\"{at}\", "))
            ),
            3_001,
        ),
        ("open quotes", format!("polity p\n{}", "  also: \"x\n".repeat(MANY)), MANY),
        ("open parentheses", format!("polity p\n{}", "  also: \"x\" (1922\n".repeat(MANY)), MANY),
        ("open brackets", format!("polity p\n{}", "  founded: [1922\n".repeat(MANY)), MANY),
        ("fields at the margin", format!("polity p\n{}", "also: \"x\"\n".repeat(MANY)), MANY),
        (
            "rows",
            format!(
                "table polity: id | founded\n{}",
                many(MANY, |at| format!("  p{at} | x | y\n"))
            ),
            1,
        ),
        (
            "long rows",
            format!("table polity: id\n  q\n{}", many(MANY, |at| format!("  p{at} | x\n"))),
            MANY,
        ),
        ("columns", format!("table polity: {}id\n  p", "note | ".repeat(MANY)), 1),
        ("margin lines", "– \n".repeat(MANY), MANY),
        ("cites", many(MANY, |at| format!("cite c{at}\n")), MANY),
        ("relations", many(2_000, |at| format!("relation r{at}\n  f: r{} ?\n", at + 1)), 1),
        (
            "declared fields",
            format!("relation r\n{}", many(2_000, |at| format!("  f{at}: text ?\n"))),
            0,
        ),
        ("declared words", format!("relation r\n  f: words a{} ?\n", " | a".repeat(MANY)), MANY),
        ("unions", many(2_000, |at| format!("union u{at} = u{} | polity\n", (at + 1) % 2_000)), 1),
    ];
    for (what, text, wanted) in quick {
        let begun = std::time::Instant::now();
        let (count, kept) = checked(what, &text);
        assert_eq!(count, wanted, "{what}");
        // Names and relations have a code of their own each; no kind is kept without end.
        assert!(kept <= 2 * MOST_OF_A_KIND, "{what}: {kept} are kept");
        let took = begun.elapsed().as_secs_f32();
        assert!(took < 20.0, "{what} took {took} s");
    }
}

#[test]
fn white_space_of_all_kinds() {
    let sound = "polity p \"P\"\n  founded: 1922\n  also: \"a\n    b\" (1922;\n    note: \"x\")\n";
    for (from, to) in [("\n", "\r\n"), ("  ", "\t"), ("  ", " \t "), (" \"", "\t\"")] {
        assert_eq!(checked("sound", &sound.replace(from, to)), (0, 0), "{to:?}");
    }
    let mut whole = String::from("\u{feff}");
    whole.push_str(&SCHEMA.replace('\n', "\r\n"));
    let (_, findings) = check([("kb/a.kb", whole.as_bytes())]);
    assert_eq!(findings, []);
    // A carriage return alone ends no line.
    assert_eq!(checked("lone CR", "polity p \"P\"\r  founded: 1922\n").0, 1);
    assert_eq!(checked("NEL", "polity p \"P\"\n\u{85}founded: 1922\n").0, 1);
    assert_eq!(checked("no-break spaces", "polity p \"P\"\n\u{a0}\u{a0}founded: 1922\n").0, 1);
}

#[test]
fn letters_of_all_kinds() {
    let sound = "polity čičerin-1922 \"Чичерин\"@ru\n  also: \"\u{202e}שלום\u{202c}\", \"\", \"\\u{1F700}\"\npolity чехо_словакия\n  succeeds: čičerin-1922\npolity ꙋ\n";
    assert_eq!(checked("letters", sound), (0, 0));
    // Two that look alike are two; a mark cannot begin a name.
    let text = "polity \u{e9}\npolity b\n  succeeds: e\u{301}\n";
    let whole = format!("{SCHEMA}{text}");
    let (_, findings) = check([("kb/a.kb", whole.as_bytes())]);
    assert!(findings[0].help[0].contains("look alike"), "{findings:?}");
    assert_eq!(checked("a mark first", "polity \u{301}a\n").0, 1);
    for text in [
        "\"\\u{110000}\"",
        "\"\\u{d800}\"",
        "\"\\u{}\"",
        "\"\\u{1234567}\"",
        "\"\\u{12\"",
        "\"\\u\"",
        "\"\\",
    ] {
        assert_eq!(checked(text, &format!("polity p\n  note: {text}\n")).0, 1, "{text}");
    }
    for number in
        ["99999999999999999999", "1e400", "0x10", "1_", "--1", "+1", "1.", ".5", "∞", "NaN", "١٩٢٢"]
    {
        assert_eq!(checked(number, &format!("polity p\n  area: {number}\n")).0, 1, "{number}");
    }
    for date in [
        "99999999999",
        "-99999999-01-01",
        "1922-99-99",
        "[[[[",
        "{{",
        "1922~~",
        "[]",
        "{}",
        "X",
        "/",
        "..",
        "1922-1-1",
        "(1922)",
    ] {
        assert_eq!(checked(date, &format!("polity p\n  founded: {date}\n")).0, 1, "{date}");
    }
}

/// Words of the language and what may stand between them, at random.
fn soup(random: &mut Random) -> String {
    const TOKENS: &[&str] = &[
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n  ",
        "\n  ",
        "\n      ",
        " ",
        " ",
        "\t",
        "\r\n",
        "polity ",
        "p",
        "q-1",
        "founded",
        "succeeds",
        "also",
        "note",
        "source",
        "area",
        "kind",
        ": ",
        ":",
        ",",
        ", ",
        "\"",
        "\"x\"",
        "\"y z\"",
        "(",
        ")",
        "; ",
        "|",
        " | ",
        "[",
        "]",
        "{",
        "}",
        "#",
        "# c",
        "table polity: id | founded",
        "cite notes",
        "cite ",
        "relation r, rs",
        "union u = polity",
        "words a | b",
        "date ?",
        "1922",
        "1922-04",
        "1918/1920",
        "unknown",
        "none",
        "disputed",
        "note: \"x\"",
        "source: notes \"p\"",
        "after: p",
        "\\",
        "\\\"",
        "\\u{e9}",
        "\u{a0}",
        "ж",
        "č",
        "e\u{301}",
        "–",
        "@ru",
        "@",
        "\u{feff}",
        "query q\n  x",
        "id",
        "name",
        "status",
        "🜨",
    ];
    let count = random.below(120);
    (0..count).map(|_| TOKENS[random.below(TOKENS.len() as u32) as usize]).collect()
}

fn assert_robust(bytes: &[u8], what: &str) {
    let (sources, findings) = check([("kb/a.kb", SCHEMA.as_bytes()), ("kb/b.kb", bytes)]);
    assert_spans(&sources, &findings, what);
    assert_eq!(told(&sources, &findings).len(), findings.len());
}

#[test]
fn any_text_is_read() {
    let mut random = Random::new(7);
    for round in 0..6_000 {
        let text = soup(&mut random);
        assert_robust(text.as_bytes(), &format!("round {round}: {text:?}"));
    }
}

#[test]
fn mutated_files_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kb");
    let mut texts = Vec::new();
    for name in ["treaties.kb", "persons.kb", "offices.kb", "schema.kb", "causes.kb"] {
        texts.push(fs::read(folder.join(name)).unwrap());
    }
    let mut random = Random::new(11);
    for round in 0..400 {
        let text = &texts[round % texts.len()];
        let start = random.below(text.len() as u32 / 2) as usize;
        let end = (start + 200 + random.below(4_000) as usize).min(text.len());
        let mut bytes = text[start..end].to_vec();
        for _ in 0..1 + random.below(12) {
            let at = random.below(bytes.len() as u32) as usize;
            match random.below(4) {
                0 => drop(bytes.remove(at)),
                1 => bytes.insert(at, b"\"()[]{},;:|#\\\n\r\t @~?"[random.below(20) as usize]),
                2 => bytes[at] = random.below(256) as u8,
                _ => drop(bytes.drain(at..(at + random.below(40) as usize).min(bytes.len()))),
            }
            if bytes.is_empty() {
                bytes.push(b'x');
            }
        }
        assert_robust(&bytes, &format!("round {round}"));
    }
}

/// Where and what the parser alone finds, and how many facts.
fn parsed(text: &str) -> (Vec<(&'static str, String, u32, u32)>, usize) {
    let mut sources = Sources::new();
    let file = sources.add("kb/a.kb", text);
    let (tree, findings) = parse_file(&sources, file);
    let places = findings.into_iter().map(|found| {
        let Span { start, end, .. } = found.primary.span;
        (found.code.number, found.message, start, end)
    });
    let mut places: Vec<_> = places.collect();
    places.sort_by_key(|(code, _, start, end)| (*start, *end, *code));
    (places, tree.pieces.iter().map(|piece| piece.facts().len()).sum())
}

#[test]
fn a_text_is_the_sum_of_its_items() {
    let mut random = Random::new(13);
    for round in 0..4_000 {
        // Whatever stands before an item that begins soundly, the item is read in the same way.
        let first = soup(&mut random) + "\n";
        let second = format!("polity x\n{}\n", soup(&mut random).replace("\u{feff}", ""));
        let whole = format!("{first}{second}");
        let (mut sum, facts) = parsed(&first);
        let (behind, more) = parsed(&second);
        let by = first.len() as u32;
        sum.extend(
            behind
                .into_iter()
                .map(|(code, message, start, end)| (code, message, start + by, end + by)),
        );
        assert_eq!(parsed(&whole), (sum, facts + more), "round {round}: {first:?} + {second:?}");
    }
}

#[test]
fn a_file_cut_into_pieces_is_read_as_a_whole() {
    let mut random = Random::new(17);
    let item = "polity p\n  note: \"x\n  y\"\n– stray\nalso: \"z\"\n  founded: [1922\ntable polity: id | note\n  a | \"b\"\nc | \"d\"\n";
    let mut text = String::new();
    let mut facts = 0;
    let mut faults = 0;
    let (one, each) = parsed(item);
    while text.len() < 3_500_000 {
        let padding = random.below(300) as usize;
        text += &format!("# {}\n{item}", "x".repeat(padding));
        facts += each;
        faults += one.len();
    }
    let mut sources = Sources::new();
    let file = sources.add("kb/a.kb", text.as_str());
    let (tree, findings) = parse_file(&sources, file);
    assert!(tree.pieces.len() > 2);
    assert_eq!(tree.pieces.iter().map(|piece| piece.facts().len()).sum::<usize>(), facts);
    assert_eq!(findings.iter().map(Diagnostic::weight).sum::<usize>(), faults);
}
