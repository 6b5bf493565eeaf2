//! Patches (RFC 8620 section 5.3): which property of an object gets which value.

use crate::Object;
use serde_json::Value;

/// One change: the path of what is changed, and its new value; null: the default.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub path: Vec<String>,
    pub value: Value,
}

/// A patch that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPatch {
    #[error("`{0}` and `{1}` change the same thing")]
    Overlap(String, String),
}

/// The changes of a patch. No path may begin with another.
pub fn read(patch: Object) -> Result<Vec<Change>, BadPatch> {
    let mut changes: Vec<Change> = Vec::with_capacity(patch.len());
    for (key, value) in patch {
        let path: Vec<String> = key.split('/').map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
        changes.push(Change { path, value });
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    for pair in changes.windows(2) {
        if let [a, b] = pair
            && b.path.starts_with(&a.path)
        {
            return Err(BadPatch::Overlap(a.path.join("/"), b.path.join("/")));
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patch(json: Value) -> Result<Vec<Change>, BadPatch> {
        let Value::Object(object) = json else { panic!("an object") };
        read(object)
    }

    #[test]
    fn paths_are_split_and_unescaped() {
        let read = patch(json!({"keywords/$seen": true, "a~1b~0": null})).unwrap();
        let paths: Vec<_> = read.iter().map(|change| change.path.join("|")).collect();
        assert_eq!(paths, ["a/b~", "keywords|$seen"]);
    }

    #[test]
    fn overlapping_paths_are_refused() {
        assert!(patch(json!({"keywords": {}, "keywords/$seen": true})).is_err());
        assert!(patch(json!({"keywords": {}, "keywords2": true})).is_ok());
    }
}
