//! REFERENCES: who answers whom, by Message-IDs. Start reading at [`Tree::of`]; the steps are those of RFC 5256
//! section 3.
//!
//! Nothing here recurses: somebody may send a thread of any depth.

use super::{Forest, Message};
use postroom_wire_imap::response::ThreadNode;
use std::collections::HashMap;

/// A message, or a place for one that is not there.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) message: Option<Message>,
    parent: Option<usize>,
    pub(super) children: Vec<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) roots: Vec<usize>,
}

impl Tree {
    /// Steps 1 to 4: all are linked, places without a message are pruned, and everything is in order of date.
    pub(super) fn of(messages: Vec<Message>) -> Self {
        let mut tree = Self::default();
        tree.nodes.reserve(messages.len());
        let mut known = HashMap::with_capacity(messages.len());
        for message in messages {
            tree.add(message, &mut known);
        }
        tree.gather_children();
        tree.prune();
        tree.sort_all();
        tree
    }

    fn place(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    /// Step 1 for one message.
    fn add(&mut self, message: Message, known: &mut HashMap<i64, usize>) {
        let mut before: Option<usize> = None;
        for hash in &message.ancestors {
            let at = *known.entry(*hash).or_insert_with(|| self.place());
            if let Some(parent) = before
                && self.nodes[at].parent.is_none()
            {
                self.link(parent, at);
            }
            before = Some(at);
        }
        let own = message.own.map(|hash| *known.entry(hash).or_insert_with(|| self.place()));
        // Of two with the same Message-ID the first has it.
        let at = own.filter(|at| self.nodes[*at].message.is_none()).unwrap_or_else(|| self.place());
        self.nodes[at].message = Some(message);
        // The message itself knows best: what others said about its parent counts no longer.
        self.nodes[at].parent = None;
        if let Some(parent) = before {
            self.link(parent, at);
        }
    }

    /// Puts one below another unless it stands above it already.
    fn link(&mut self, parent: usize, child: usize) {
        let mut above = Some(parent);
        while let Some(at) = above {
            if at == child {
                return;
            }
            above = self.nodes[at].parent;
        }
        self.nodes[child].parent = Some(parent);
    }

    /// Step 2.
    fn gather_children(&mut self) {
        for at in 0..self.nodes.len() {
            match self.nodes[at].parent {
                Some(parent) => self.nodes[parent].children.push(at),
                None => self.roots.push(at),
            }
        }
    }

    /// Step 3: what stands below a place without a message moves up, but not to the top if it is several.
    fn prune(&mut self) {
        for at in self.below_first() {
            let children = std::mem::take(&mut self.nodes[at].children);
            let mut kept = Vec::with_capacity(children.len());
            for child in children {
                if self.nodes[child].message.is_some() {
                    kept.push(child);
                } else {
                    kept.append(&mut self.nodes[child].children);
                }
            }
            self.nodes[at].children = kept;
        }
        let roots = std::mem::take(&mut self.roots);
        for root in roots {
            match (&self.nodes[root].message, &self.nodes[root].children[..]) {
                (None, []) => {}
                (None, [only]) => self.roots.push(*only),
                _ => self.roots.push(root),
            }
        }
    }

    /// All that is below the roots, those below before those above.
    fn below_first(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut open = self.roots.clone();
        while let Some(at) = open.pop() {
            order.push(at);
            open.extend(&self.nodes[at].children);
        }
        order.reverse();
        order
    }

    /// Steps 4 and 6: siblings in order of date, then of the folder.
    pub(super) fn sort_all(&mut self) {
        for at in self.below_first() {
            let mut children = std::mem::take(&mut self.nodes[at].children);
            children.sort_by_cached_key(|child| self.key(*child));
            self.nodes[at].children = children;
        }
        self.sort_roots();
    }

    fn sort_roots(&mut self) {
        let mut roots = std::mem::take(&mut self.roots);
        roots.sort_by_cached_key(|root| self.key(*root));
        self.roots = roots;
    }

    /// The message of a node, or of the first below it.
    pub(super) fn message(&self, at: usize) -> Option<&Message> {
        let mut at = at;
        loop {
            let node = self.nodes.get(at)?;
            if node.message.is_some() {
                return node.message.as_ref();
            }
            at = *node.children.first()?;
        }
    }

    fn key(&self, at: usize) -> (i64, u32) {
        self.message(at).map_or((0, 0), |message| (message.date, message.number))
    }

    /// For REFS: threads in order of their newest message.
    pub(super) fn newest_last(&mut self) {
        let mut newest: Vec<(i64, u32)> = vec![(i64::MIN, 0); self.nodes.len()];
        for at in self.below_first() {
            let own = self.nodes[at].message.as_ref().map(|message| (message.date, message.number));
            let below = self.nodes[at].children.iter().map(|child| newest[*child]);
            newest[at] = below.chain(own).max().unwrap_or((i64::MIN, 0));
        }
        self.roots.sort_by_key(|root| newest[*root]);
    }

    pub(super) fn into_forest(self) -> Forest {
        let node =
            |node: Node| ThreadNode { number: node.message.map(|message| message.number), children: node.children };
        Forest { nodes: self.nodes.into_iter().map(node).collect(), roots: self.roots }
    }

    /// A new place without a message.
    pub(super) fn holding(&mut self, children: Vec<usize>) -> usize {
        let at = self.place();
        self.nodes[at].children = children;
        at
    }
}
