//! Step 5 of REFERENCES: threads whose first messages bear the same base subject become one.

use super::references::Tree;
use std::collections::HashMap;

/// Merges, and puts all in order again if anything was merged.
pub(super) fn merge(tree: &mut Tree) {
    let mut table = table(tree);
    let roots = std::mem::take(&mut tree.roots);
    let mut kept = Vec::with_capacity(roots.len());
    let mut merged = false;
    for root in roots {
        let subject = subject(tree, root);
        let holder = table.get(&subject).copied().filter(|_| !subject.is_empty()).unwrap_or(root);
        if holder == root {
            kept.push(root);
            continue;
        }
        merged = true;
        let joined = join(tree, holder, root);
        if joined != holder {
            table.insert(subject, joined);
            kept.push(joined);
        }
    }
    if merged {
        // What was put below another stands at the top no longer.
        let mut below = vec![false; tree.nodes.len()];
        tree.nodes.iter().flat_map(|node| &node.children).for_each(|child| below[*child] = true);
        kept.retain(|root| !below[*root]);
        tree.roots = kept;
        tree.sort_all();
    } else {
        tree.roots = kept;
    }
}

fn subject(tree: &Tree, root: usize) -> String {
    tree.message(root).map(|message| message.subject.clone()).unwrap_or_default()
}

/// Step 5B: which thread others of the same subject are merged with.
fn table(tree: &Tree) -> HashMap<String, usize> {
    let mut table: HashMap<String, usize> = HashMap::with_capacity(tree.roots.len());
    for &root in &tree.roots {
        let subject = subject(tree, root);
        if subject.is_empty() {
            continue;
        }
        let holder = *table.entry(subject.clone()).or_insert(root);
        let better = match (&tree.nodes[holder].message, &tree.nodes[root].message) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(held), Some(new)) => held.is_reply && !new.is_reply,
        };
        if better {
            table.insert(subject, root);
        }
    }
    table
}

/// Step 5C for one thread: merges it with the one in the table; gives what stands in the table from then on.
fn join(tree: &mut Tree, holder: usize, root: usize) -> usize {
    let is_reply = |at: usize| tree.nodes[at].message.as_ref().map(|message| message.is_reply);
    match (is_reply(holder), is_reply(root)) {
        (None, None) => {
            let mut children = std::mem::take(&mut tree.nodes[root].children);
            tree.nodes[holder].children.append(&mut children);
            holder
        }
        (None, Some(_)) | (Some(false), Some(true)) => {
            tree.nodes[holder].children.push(root);
            holder
        }
        (Some(_), _) => tree.holding(vec![holder, root]),
    }
}
