//! Replacing one section of the results file.

use super::*;

#[test]
fn a_section_is_added_and_then_replaced_in_its_place() {
    let one = replaced("# Title\n", "delivery", "first\n");
    let two = replaced(&one, "imap", "other\n");
    let three = replaced(&two, "delivery", "second\n");
    assert_eq!(
        three,
        "# Title\n\n<!-- delivery -->\n\nsecond\n\n<!-- end of delivery -->\n\n<!-- imap -->\n\nother\n\n<!-- end of imap -->\n"
    );
}

#[test]
fn a_table_is_written_as_markdown() {
    let table = Table {
        title: "Speed".into(),
        notes: vec!["Note.".into()],
        header: vec!["a", "b"],
        rows: vec![vec!["1".into(), "2".into()]],
    };
    let section = Section { name: "speed", tables: vec![table], runs: serde_json::Value::Null };
    let folder = tempfile::tempdir().expect("a folder");
    let markdown = folder.path().join("results.md");
    let report = Report { markdown: &markdown, json_folder: folder.path(), facts: "Facts.".into() };
    report.write(&section).expect("written");
    let text = std::fs::read_to_string(&markdown).expect("readable");
    assert!(text.contains("## Speed\n\nNote.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nFacts.\n"), "{text}");
    assert!(folder.path().join("speed.json").exists());
}
