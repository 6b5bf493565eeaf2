use super::*;
use bytes::BytesMut;
use postroom_wire_imap::response;

/// A message from `own < ancestors | subject | date`; a subject that starts with `Re:` is a reply.
fn message(number: u32, text: &str) -> Message {
    let parts: Vec<&str> = text.split('|').map(str::trim).collect();
    let (own, ancestors) = parts[0].split_once('<').unwrap_or((parts[0], ""));
    let hash = |id: &str| id.bytes().fold(0i64, |hash, byte| hash * 256 + i64::from(byte));
    let subject = parts[1].strip_prefix("Re:");
    Message {
        number,
        own: Some(own.trim()).filter(|own| !own.is_empty()).map(hash),
        ancestors: ancestors.split_whitespace().map(hash).collect(),
        subject: subject.unwrap_or(parts[1]).trim().to_owned(),
        is_reply: subject.is_some(),
        date: parts[2].parse().expect("a date"),
    }
}

fn check(algorithm: &str, messages: &[&str], want: &str) {
    let algorithm = Algorithm::parse(algorithm).expect("known");
    let messages = (1..).zip(messages).map(|(number, text)| message(number, text)).collect();
    let forest = build(algorithm, messages);
    let mut out = BytesMut::new();
    response::thread(&mut out, &forest.nodes, &forest.roots);
    let text = String::from_utf8_lossy(&out).into_owned();
    assert_eq!(text.trim_end().trim_start_matches("* THREAD").trim_start(), want);
}

#[test]
fn references_lead_to_parents() {
    check("REFERENCES", &["a | s | 1", "b < a | Re: s | 2", "c < a b | Re: s | 3"], "(1 2 3)");
    check("REFERENCES", &["a | s | 1", "c < a | Re: s | 3", "b < a | Re: s | 2"], "(1 (3)(2))");
    // The parent comes later, or never.
    check("REFERENCES", &["b < a | x | 2", "a | y | 1"], "(2 1)");
    check("REFERENCES", &["b < a | x | 2", "c < a | y | 1"], "((2)(1))");
    check("REFERENCES", &["c < a b | x | 1"], "(1)");
    // The middle one is not there.
    check("REFERENCES", &["a | x | 1", "c < a b | y | 2", "d < a b | z | 3"], "(1 (2)(3))");
}

#[test]
fn odd_references_do_no_harm() {
    check("REFERENCES", &["a < a | x | 1"], "(1)");
    check("REFERENCES", &["a < b | x | 1", "b < a | y | 2"], "(2 1)");
    check("REFERENCES", &["a | x | 1", "a | y | 2", " | z | 3"], "(1)(2)(3)");
    // What others say about a parent counts until the message itself is seen.
    check("REFERENCES", &["c < a b | x | 3", "b | y | 2", "a | z | 1"], "(3)(2 1)");
    let chain: Vec<String> = (0..20_000).map(|at| format!("n{at} < n{} | s{at} | {at}", at + 1)).collect();
    let chain: Vec<Message> = (1..).zip(&chain).map(|(number, text)| message(number, text)).collect();
    assert_eq!(build(Algorithm::References, chain).roots.len(), 1);
}

#[test]
fn the_same_subject_joins() {
    check("REFERENCES", &["a | s | 1", "b | Re: s | 2"], "(1 2)");
    check("REFERENCES", &["b | Re: s | 1", "a | s | 2"], "(2 1)");
    // Two beginnings with one subject stand side by side, two answers as well.
    check("REFERENCES", &["a | s | 1", "b | s | 2"], "((1)(2))");
    check("REFERENCES", &["a | Re: s | 1", "b | Re: s | 2"], "((1)(2))");
    check("REFERENCES", &["a | s | 1", "b | s | 2", "c | s | 3"], "((1)(2)(3))");
    check("REFERENCES", &["a |  | 1", "b |  | 2"], "(1)(2)");
    // Places without a message take others in.
    check("REFERENCES", &["b < a | s | 1", "c < a | s | 2", "e < d | s | 3", "f < d | s | 4"], "((1)(2)(3)(4))");
    check("REFERENCES", &["x | s | 0", "b < a | s | 1", "c < a | s | 2"], "((1)(2)(3))");
}

#[test]
fn threads_stand_in_order_of_date() {
    check("REFERENCES", &["a | x | 3", "b | y | 1", "c < a | Re: x | 9"], "(2)(1 3)");
    check("REFS", &["a | x | 1", "b | y | 3", "c < a | Re: x | 9"], "(2)(1 3)");
    check("REFS", &["a | s | 1", "b | Re: s | 2"], "(1)(2)");
}

#[test]
fn ordered_subject_groups() {
    check("ORDEREDSUBJECT", &["a | x | 3", "b | y | 1", "c | Re: x | 2", "d | x | 4"], "(2)(3 (1)(4))");
    check("ORDEREDSUBJECT", &["a | x | 1", "b | Re: x | 2"], "(1 2)");
    check("ORDEREDSUBJECT", &[], "");
}
