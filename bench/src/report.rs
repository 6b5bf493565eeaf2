//! Tables as Markdown and JSON. A run replaces the sections it measured in the results file and leaves the others,
//! so that one table can be measured alone. Start reading at [`Report::write`].

use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

use crate::failure::{Result, While};

const INTRODUCTION: &str = "# Measured: Postroom beside Dovecot

Written by `make bench`; each section says when and on what machine. Both servers run in the same run on the same disk,
alternating, with client and server sharing the cores, on loopback and without TLS. Figures are medians (lowest–highest).
Server CPU is user + system time of the whole process tree. *Foreign* is the number of cores that neither the server nor
the load generator kept busy, on average, in the worst run. Ratios are Postroom's figure over Dovecot's.
";

/// One table, with the sentences that belong to it.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) notes: Vec<String>,
    pub(crate) header: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// What one sub-command measured.
#[derive(Debug, Serialize)]
pub(crate) struct Section {
    /// The sub-command, which also marks the place in the results file.
    pub(crate) name: &'static str,
    pub(crate) tables: Vec<Table>,
    /// The single runs behind the tables.
    pub(crate) runs: serde_json::Value,
}

/// Where results go, and the facts that stand above every section.
pub(crate) struct Report<'a> {
    pub(crate) markdown: &'a Path,
    pub(crate) json_folder: &'a Path,
    pub(crate) facts: String,
}

impl Report<'_> {
    pub(crate) fn write(&self, section: &Section) -> Result<()> {
        let old = std::fs::read_to_string(self.markdown).unwrap_or_default();
        let old = if old.is_empty() { INTRODUCTION.to_owned() } else { old };
        let new = replaced(&old, section.name, &self.text(section));
        std::fs::write(self.markdown, new).during("writing the results")?;
        let json = serde_json::json!({ "facts": self.facts, "section": section });
        let path = self.json_folder.join(format!("{}.json", section.name));
        std::fs::write(path, serde_json::to_string_pretty(&json)?).during("writing the JSON")
    }

    fn text(&self, section: &Section) -> String {
        let mut text = String::new();
        for table in &section.tables {
            // Writing into a String cannot fail.
            let _ = writeln!(text, "## {}\n", table.title);
            for note in &table.notes {
                let _ = writeln!(text, "{note}\n");
            }
            let _ = writeln!(text, "{}", row(&table.header));
            let _ = writeln!(text, "|{}", "---|".repeat(table.header.len()));
            for cells in &table.rows {
                let _ = writeln!(text, "{}", row(cells));
            }
            text.push('\n');
        }
        let _ = writeln!(text, "{}", self.facts);
        text
    }
}

fn row(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    format!("| {} |", cells.join(" | "))
}

/// The file with the section between its two marks replaced, or added at the end.
fn replaced(file: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let section = format!("{begin}\n{text}\n{end}");
    let place = file.find(&begin).zip(file.find(&end));
    match place {
        Some((from, to)) if from < to => format!("{}{section}{}", &file[..from], &file[to + end.len()..]),
        _ => format!("{}\n\n{section}", file.trim_end()),
    }
}

#[cfg(test)]
mod tests;
