//! Small facts of the whole installation, as text under a name.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{organisation, params};
use postroom_model::Plan;

pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    tx.row("SELECT value FROM setting WHERE name = ?1", params![name], |row| Ok(row.text(0)?.to_owned()))
}

pub fn put(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        params![name, value],
    )?;
    Ok(())
}

pub fn remove(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM setting WHERE name = ?1", params![name])?;
    Ok(())
}

/// Counts up a number kept under `name`; the first is 1. What it gave once it never gives again, unlike row
/// ids, which SQLite may use again after a deletion.
pub(crate) fn next_number(tx: &mut Tx<'_>, name: &str) -> Result<i64, StoreError> {
    let sql = "INSERT INTO setting (name, value) VALUES (?1, '1')
         ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)
         RETURNING CAST(value AS BIGINT)";
    tx.row(sql, params![name], |row| row.int(0))?.ok_or(StoreError::Corrupt("a counter"))
}

const PLAN: &str = "plan";

/// How many shared mailboxes the plan includes and allows. None: no limit.
pub fn plan(tx: &mut Tx<'_>) -> Result<Option<Plan>, StoreError> {
    let Some(text) = get(tx, PLAN)? else { return Ok(None) };
    let numbers: Vec<u32> = text.split(' ').filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [included, maximum] => Ok(Some(Plan { included, maximum })),
        _ => Err(StoreError::Corrupt("the setting `plan`")),
    }
}

pub fn set_plan(tx: &mut Tx<'_>, plan: Option<Plan>) -> Result<(), StoreError> {
    match plan {
        Some(Plan { included, maximum }) => put(tx, PLAN, &format!("{included} {maximum}"))?,
        None => remove(tx, PLAN)?,
    }
    organisation::changed(tx)
}
