//! Which mailboxes match, and in what order (RFC 8621 section 2.3). Start reading at [`of`].

use super::{role, sort_order};
use crate::error::MethodError;
use postroom_mail::whole::{Shown, View};
use postroom_model::{FolderId, object_id};
use serde::Deserialize;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// The part of a query that /query and /queryChanges share.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    #[serde(default)]
    filter: Value,
    #[serde(default)]
    sort: Option<Vec<Comparator>>,
    #[serde(default)]
    sort_as_tree: bool,
    #[serde(default)]
    filter_as_tree: bool,
}

pub(super) const ARGUMENTS: &[&str] = &["filter", "sort", "sortAsTree", "filterAsTree"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Comparator {
    property: String,
    #[serde(default = "yes")]
    is_ascending: bool,
    #[serde(default, rename = "collation")]
    _collation: Option<String>,
}

fn yes() -> bool {
    true
}

/// Operators within operators.
const DEEPEST: usize = 32;

struct Lister<'a> {
    view: &'a View,
    folders: HashMap<FolderId, Shown>,
    said: &'a HashMap<FolderId, bool>,
    real_id: &'a dyn Fn(&str) -> String,
}

/// The folders that match, in order.
pub(super) fn of(
    view: &View,
    said: &HashMap<FolderId, bool>,
    asked: &Asked,
    real_id: &dyn Fn(&str) -> String,
) -> Result<Vec<FolderId>, MethodError> {
    let folders: HashMap<FolderId, Shown> = view.folders().into_iter().map(|folder| (folder.id, folder)).collect();
    let lister = Lister { view, folders, said, real_id };
    let mut matching: HashSet<FolderId> = HashSet::new();
    for folder in lister.folders.values() {
        if lister.matches(&asked.filter, folder, DEEPEST)? {
            matching.insert(folder.id);
        }
    }
    if asked.filter_as_tree {
        let whole_path = |id: &FolderId| lister.path(*id).iter().all(|folder| matching.contains(&folder.id));
        matching = matching.iter().filter(|id| whole_path(id)).copied().collect();
    }
    let comparators = asked.sort.as_deref().unwrap_or_default();
    if let Some(other) = comparators.iter().find(|sort| !["sortOrder", "name"].contains(&sort.property.as_str())) {
        let detail = format!("mailboxes cannot be sorted by `{}`", other.property);
        return Err(MethodError::unsupported_sort(detail));
    }
    let compare = |a: &Shown, b: &Shown| {
        let by = |sort: &Comparator| {
            let order = match sort.property.as_str() {
                "name" => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
                _ => sort_order(a).cmp(&sort_order(b)),
            };
            if sort.is_ascending { order } else { order.reverse() }
        };
        comparators.iter().map(by).find(|order| order.is_ne()).unwrap_or_else(|| a.id.cmp(&b.id))
    };
    let mut found: Vec<FolderId> = matching.into_iter().collect();
    if asked.sort_as_tree {
        found.sort_by(|a, b| tree_order(&lister.path(*a), &lister.path(*b), &compare));
    } else {
        found.sort_by(|a, b| match (lister.folders.get(a), lister.folders.get(b)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => a.cmp(b),
        });
    }
    Ok(found)
}

/// Compares level by level; a folder comes before those below it.
fn tree_order(a: &[&Shown], b: &[&Shown], compare: &dyn Fn(&Shown, &Shown) -> Ordering) -> Ordering {
    let levels = a.iter().zip(b).map(|(a, b)| if a.id == b.id { Ordering::Equal } else { compare(a, b) });
    levels.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
}

impl Lister<'_> {
    /// From the top down to the folder itself.
    fn path(&self, id: FolderId) -> Vec<&Shown> {
        let (mut path, mut at) = (Vec::new(), self.folders.get(&id));
        while let Some(folder) = at.filter(|_| path.len() <= postroom_model::folder::MAX_DEPTH) {
            path.push(folder);
            at = folder.parent.and_then(|parent| self.folders.get(&parent));
        }
        path.reverse();
        path
    }

    fn matches(&self, filter: &Value, folder: &Shown, depth: usize) -> Result<bool, MethodError> {
        let conditions = match filter {
            Value::Null => return Ok(true),
            Value::Object(conditions) => conditions,
            _ => return Err(invalid("filter", "it must be an object")),
        };
        let Some(operator) = conditions.get("operator") else {
            for (name, value) in conditions {
                if !self.holds(name, value, folder)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        };
        let too_deep = || MethodError::unsupported_filter("the filter is nested too deep");
        let deeper = depth.checked_sub(1).ok_or_else(too_deep)?;
        let Some(Value::Array(inner)) = conditions.get("conditions") else {
            return Err(invalid("filter/conditions", "it must be an array"));
        };
        let mut results = Vec::with_capacity(inner.len());
        for filter in inner {
            results.push(self.matches(filter, folder, deeper)?);
        }
        match operator.as_str() {
            Some("AND") => Ok(results.into_iter().all(|holds| holds)),
            Some("OR") => Ok(results.into_iter().any(|holds| holds)),
            Some("NOT") => Ok(!results.into_iter().any(|holds| holds)),
            _ => Err(invalid("filter/operator", "it must be AND, OR or NOT")),
        }
    }

    fn holds(&self, name: &str, value: &Value, folder: &Shown) -> Result<bool, MethodError> {
        let role = role(folder.special_use);
        match (name, value) {
            ("parentId", Value::Null) => Ok(folder.parent.is_none()),
            ("parentId", Value::String(id)) => {
                let parent = object_id::read_folder(self.view.mailbox(), &(self.real_id)(id));
                Ok(parent.is_some() && folder.parent == parent)
            }
            ("name", Value::String(text)) => Ok(folder.name.to_lowercase().contains(&text.to_lowercase())),
            ("role", Value::Null) => Ok(role.is_none()),
            ("role", Value::String(wanted)) => Ok(role == Some(wanted.as_str())),
            ("hasAnyRole", Value::Bool(wanted)) => Ok(role.is_some() == *wanted),
            ("isSubscribed", Value::Bool(wanted)) => {
                Ok(self.said.get(&folder.id).copied().unwrap_or(self.view.automap()) == *wanted)
            }
            ("name" | "hasAnyRole" | "isSubscribed", Value::Null) => Ok(true),
            ("parentId" | "name" | "role" | "hasAnyRole" | "isSubscribed", _) => {
                Err(invalid(name, "it has another kind of value"))
            }
            _ => Err(MethodError::unsupported_filter(format!("mailboxes cannot be filtered by `{name}`"))),
        }
    }
}

fn invalid(name: &str, why: &str) -> MethodError {
    MethodError::invalid_arguments(format!("{name}: {why}"))
}
