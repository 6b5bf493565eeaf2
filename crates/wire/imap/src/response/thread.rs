//! The answer to THREAD.

use bytes::BufMut;

use super::strings::number;

/// A message with those that follow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadNode {
    /// `None` holds several together whose common parent is not there.
    pub number: Option<u32>,
    /// Indexes of those below it.
    pub children: Vec<usize>,
}

/// RFC 5256 §5: `thread-data = "THREAD" [SP 1*thread-list]`, `thread-list = "(" (thread-members / thread-nested) ")"`,
/// `thread-members = nz-number *(SP nz-number) [SP thread-nested]`, `thread-nested = 2*thread-list`
///
/// However deep the threads are, this takes no more stack.
pub fn thread<B: BufMut>(out: &mut B, nodes: &[ThreadNode], roots: &[usize]) {
    out.put_slice(b"* THREAD");
    let mut space = !roots.is_empty();
    let mut open: Vec<Option<usize>> = roots.iter().rev().map(|root| Some(*root)).collect();
    while let Some(next) = open.pop() {
        let Some(start) = next else {
            out.put_u8(b')');
            continue;
        };
        out.put_slice(if std::mem::take(&mut space) { b" (" } else { b"(" });
        open.push(None);
        let branches = line(out, nodes, start);
        open.extend(branches.iter().rev().map(|child| Some(*child)));
    }
    out.put_slice(b"\r\n");
}

/// Messages that follow one another alone; gives where the line branches.
fn line<'n, B: BufMut>(out: &mut B, nodes: &'n [ThreadNode], start: usize) -> &'n [usize] {
    let (mut at, mut first) = (start, true);
    loop {
        let Some(node) = nodes.get(at) else { return &[] };
        if let Some(message) = node.number {
            if !std::mem::take(&mut first) {
                out.put_u8(b' ');
            }
            number(out, message.into());
        }
        match node.children[..] {
            [only] => at = only,
            [] => return &[],
            _ => {
                if !first {
                    out.put_u8(b' ');
                }
                return &node.children;
            }
        }
    }
}
