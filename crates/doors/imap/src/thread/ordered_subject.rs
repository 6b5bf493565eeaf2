//! ORDEREDSUBJECT: the first message with a base subject, and all others with the same one below it.

use super::{Forest, Message};
use postroom_wire_imap::response::ThreadNode;
use std::collections::HashMap;

pub(super) fn build(messages: &[Message]) -> Forest {
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|at| (messages[*at].date, *at));
    let node = |message: &Message| ThreadNode { number: Some(message.number), children: Vec::new() };
    let mut forest = Forest { nodes: messages.iter().map(node).collect(), roots: Vec::new() };
    let mut first_of: HashMap<&str, usize> = HashMap::with_capacity(messages.len());
    for at in order {
        let first = *first_of.entry(&messages[at].subject).or_insert(at);
        if first == at {
            forest.roots.push(at);
        } else {
            forest.nodes[first].children.push(at);
        }
    }
    forest
}
