//! Questions over a damaged index: refused with a message, or answered as if nothing were wrong; never a wrong row.

use crate::fuzz::base;
use crate::fuzz::index::QUESTIONS;
use crate::index_facts::Random;
use regesta::index::{Index, IndexError, IndexImage, build};
use regesta::pipeline::check_texts;
use regesta::query::{Answers, answer};
use regesta::resolve;
use regesta::settings::Settings;
use regesta::source::Sources;
use std::fmt::Write;
use std::fs;
use std::process::{Command, Output};

/// In each stretch of so many bytes one bit is flipped.
const STRETCH: usize = 32 * 1024;

/// More of what the base has, so that its index is long.
fn bulk(records: u32) -> String {
    let mut random = Random::new(23);
    let mut text = base::TEXT.to_owned();
    let add = &mut text;
    for number in 0..records {
        let (year, other) = (1700 + random.below(250), random.below(records));
        let status = ["source: notes", "disputed; source: carr", "denied", "note: \"so it is\""];
        let status = status[random.below(4) as usize];
        let month = 1 + random.below(12);
        writeln!(add, "polity p{number} \"Polity {number} of {other}\"").unwrap();
        writeln!(add, "  founded: {year}-{month:02}\n  area: {other} km2\n  people: {number}")
            .unwrap();
        writeln!(add, "  code: \"c{number}\"\n  also: \"Alias {number}\"\n  allied: p{other}")
            .unwrap();
        writeln!(add, "person q{number} \"Person {number}\"").unwrap();
        writeln!(add, "  member-of: p{other} ({year}/{}; {status})", year + 3)
            .map(|()| ())
            .unwrap();
        writeln!(add, "treaty t{number} \"Treaty {number}\"\n  source: notes \"p. {number}\"")
            .unwrap();
        writeln!(
            add,
            "  signed: {year}-{month:02}-1{}\n  party: germany, p{other} ({status})",
            number % 9
        )
        .unwrap();
        writeln!(add, "  kind: {}", ["peace", "trade", "unknown"][random.below(3) as usize])
            .unwrap();
        writeln!(add, "  terms: \"Item {number} about {other}, the râle of {year}\"").unwrap();
        writeln!(add, "  in-force: {year}/{}", year + random.below(20)).unwrap();
        writeln!(add, "tenure\n  person: q{other}\n  period: {year}-{month:02}/{}", year + 1)
            .unwrap();
    }
    text
}

fn image_of(text: &str) -> IndexImage {
    let mut sources = Sources::new();
    sources.add("kb/base.kb", text);
    let (findings, resolved, _) = check_texts(&Settings::default(), &sources).unwrap();
    let errors: Vec<_> = findings.iter().map(|found| &found.message).take(5).collect();
    assert!(errors.is_empty(), "{errors:?}");
    build(&resolved.facts).unwrap()
}

fn ask(index: &Index, question: &str) -> Result<Answers, IndexError> {
    let mut sources = Sources::new();
    let file = sources.add("query", question);
    let (query, findings) = resolve::query(index, &sources, file)?;
    let Some(query) = query else { panic!("{question}: {findings:#?}") };
    answer(index, &query)
}

/// What touches every section between them.
const MORE: &[&str] = &[
    "treaties where party = p0 or party.code = \"c7\" or kind = peace limit 9",
    "polities where area > 100 km2 and people < 900 show name, also, code, area, people, founded, allied",
    "treaties where terms ~ \"item 77\" show id, signed, in-force, source, note",
    "treaties where in-force overlaps 1800 sort by name desc limit 5",
    "polities where name ~ \"of 12\"",
    "polities where code = \"c42\"",
    "persons where member-of = \"Alias 12\" as of 1800 show name, member-of",
    "tenures where period overlaps 1850 show person, period",
    "statements where note ~ \"so it\" limit 20",
    "statements where source = carr limit 20",
    "statements",
    "polities where ally(germany, this) and code = \"c9\"",
    "everything where mentions p3",
    "treaties where signed = 1801 according to notes show signed, party",
];

#[test]
fn a_damaged_block_gives_no_wrong_row() {
    let image = image_of(&bulk(1_500));
    let sound = Index::in_memory(image.clone()).unwrap();
    // A treaty with an unknown party may make allies of any two.
    let few = QUESTIONS.iter().filter(|question| !question.contains("ally(a, b)"));
    let questions: Vec<&str> = few.chain(MORE).copied().collect();
    let answers: Vec<_> = questions.iter().map(|question| ask(&sound, question).unwrap()).collect();
    let empty = questions.iter().zip(&answers).filter(|(_, answers)| answers.rows.is_empty());
    let empty: Vec<_> = empty.map(|(question, _)| question).collect();
    assert!(empty.is_empty(), "what finds nothing proves nothing: {empty:#?}");
    let mut random = Random::new(5);
    let stretches = image.bytes().len().div_ceil(STRETCH);
    assert!(stretches > 20, "{stretches}");
    let mut untouched = Vec::new();
    for stretch in 0..stretches {
        let mut bytes = image.bytes().to_vec();
        let last = bytes.len() - 1;
        let at = (stretch * STRETCH + random.below(STRETCH as u32) as usize).min(last);
        bytes[at] ^= 1 << random.below(8);
        let damaged = Index::in_memory(IndexImage::from_bytes(&bytes));
        let mut refused = 0;
        for (question, sound) in questions.iter().zip(&answers) {
            match damaged.as_ref().map(|index| ask(index, question)) {
                Ok(Ok(answers)) => assert_eq!(answers, *sound, "byte {at}: {question}"),
                Ok(Err(IndexError::Damaged { .. })) | Err(_) => refused += 1,
                Ok(Err(error)) => panic!("byte {at}: {question}: {error}"),
            }
        }
        if refused == 0 {
            untouched.push(stretch);
        }
    }
    // A page amid the postings of a large field may hold none that is asked for.
    assert!(untouched.len() * 6 < stretches, "none touches {untouched:?} of {stretches} stretches");
}

/// A project with the base and its index.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("kb")).unwrap();
    fs::write(folder.path().join("kb/base.kb"), base::TEXT).unwrap();
    assert!(run(&folder, &["build"]).status.success());
    folder
}

fn run(folder: &tempfile::TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regesta"));
    command.args(arguments).current_dir(folder.path()).output().unwrap()
}

#[test]
fn a_command_prints_no_row_of_an_index_that_it_refuses() {
    let folder = project();
    let sound = fs::read(folder.path().join(".regesta/index")).unwrap();
    let path = folder.path().join("elsewhere");
    let name = path.display().to_string();
    let with = |at: usize, value: u8| {
        let mut bytes = sound.clone();
        bytes[at] = value;
        bytes
    };
    let mut longer = sound.clone();
    longer.push(0);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("foreign", b"SQLite format 3\0".repeat(9), "is not an index of Regesta"),
        ("facts", base::TEXT.as_bytes().to_vec(), "is not an index of Regesta"),
        ("empty", Vec::new(), "has 0 bytes"),
        ("cut", sound[..sound.len() / 2].to_vec(), "should have"),
        ("longer", longer, "should have"),
        ("older", with(8, 0), "has the older format 0"),
        ("newer", with(8, 99), "has the newer format 99"),
        ("header", with(20, !sound[20]), "is damaged"),
        ("body", with(200, !sound[200]), "is damaged"),
        ("catalogue", with(sound.len() - 9, !sound[sound.len() - 9]), "is damaged"),
    ];
    let commands: [&[&str]; 5] = [
        &["query", "treaties where party = germany"],
        &["query", "--format", "json", "statements"],
        &["show", "germany"],
        &["why", "treaties where party = germany", "rapallo"],
        &["schema"],
    ];
    for (what, bytes, wanted) in cases {
        fs::write(&path, bytes).unwrap();
        for command in commands {
            let mut arguments = command.to_vec();
            arguments.extend(["--index", &name]);
            let output = run(&folder, &arguments);
            let said = String::from_utf8(output.stderr).unwrap();
            if what == "body" && command == ["schema"] {
                // The schema stands in the catalogue, which is sound.
                assert_eq!(output.status.code(), Some(0), "{said}");
                continue;
            }
            assert_eq!(output.status.code(), Some(2), "{what}: {command:?}: {said}");
            assert!(output.stdout.is_empty(), "{what}: {command:?}");
            assert!(
                said.contains(&format!("`{name}` {wanted}")) || said.contains(wanted),
                "{said}"
            );
            assert!(said.contains(&name) && said.contains("run `regesta build`"), "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
        }
    }
}

#[test]
fn a_damaged_index_of_a_project_is_told_and_mended_by_a_build() {
    let folder = project();
    let path = folder.path().join(".regesta/index");
    let sound = fs::read(&path).unwrap();
    let query = ["query", "treaties where party = germany"];
    let wanted = run(&folder, &query).stdout;
    // Opening tells: it is built anew, since the facts are there.
    for bytes in [&sound[..100], b"SQLite format 3"] {
        fs::write(&path, bytes).unwrap();
        let output = run(&folder, &query);
        assert_eq!((output.status.code(), output.stdout), (Some(0), wanted.clone()));
        assert!(fs::read(&path).unwrap() == sound);
    }
    // Only reading tells: the question is refused, and a build mends it.
    let mut bytes = sound.clone();
    bytes[200] ^= 4;
    fs::write(&path, bytes).unwrap();
    let output = run(&folder, &query);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("run `regesta build`"));
    assert_eq!(run(&folder, &["build"]).status.code(), Some(0));
    assert_eq!(run(&folder, &query).stdout, wanted);
}
