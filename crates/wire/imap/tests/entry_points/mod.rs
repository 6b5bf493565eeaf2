//! What holds for any bytes from a client; the fuzz targets in `/fuzz` and the property tests beside this run the same.

use bytes::{Bytes, BytesMut};
use postroom_wire_imap::response;
use postroom_wire_imap::{Frame, Framer, Limits, LineFrame, ParseOptions, parse};

/// The first byte chooses the mode, the rest is the frame. Parsing ends without a panic; a bad command has a message
/// that stays on one line; a good one is the same when it is parsed again.
pub(crate) fn imap_command(data: &[u8]) {
    let Some((&mode, frame)) = data.split_first() else { return };
    let options = ParseOptions { utf8: mode & 1 == 1, ..ParseOptions::default() };
    let frame = Bytes::copy_from_slice(frame);
    let parsed = parse(&frame, &options);
    if let Err(bad) = &parsed {
        assert!(bad.message.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{}", bad.message);
    }
    assert_eq!(parsed, parse(&frame, &options));
}

/// The first byte is the size of the reads, the rest is the stream. The frames do not depend on the size, and the
/// framer holds no more than its limits and one read.
pub(crate) fn imap_framer(data: &[u8]) {
    let Some((&size, stream)) = data.split_first() else { return };
    let reads = frames(stream, usize::from(size).max(1));
    assert_eq!(reads, frames(stream, stream.len().max(1)));
    raw_lines(stream, usize::from(size).max(1));
}

fn limits() -> Limits {
    Limits {
        line: 200,
        literals: 4,
        literal: 64,
        literals_total: 100,
        message: 300,
        messages_total: 400,
        non_synchronising: 200,
        drain: 5_000,
    }
}

fn frames(stream: &[u8], size: usize) -> Vec<Frame> {
    let (mut framer, mut buffer, mut frames) = (Framer::new(limits()), BytesMut::new(), Vec::new());
    for read in stream.chunks(size) {
        buffer.extend_from_slice(read);
        loop {
            match framer.next(&mut buffer) {
                Frame::NeedMoreBytes => break,
                frame @ Frame::Close { .. } => {
                    frames.push(frame);
                    return frames;
                }
                frame => frames.push(frame),
            }
        }
        let (limits, held) = (limits(), buffer.len());
        let most = limits.line as u64 + limits.literals_total + limits.messages_total;
        assert!((held as u64) <= most, "{held} octets held");
    }
    for frame in &frames {
        if let Frame::Refused { tag, refusal } = frame {
            let mut answer = Vec::new();
            response::refused(&mut answer, tag.as_ref(), *refusal);
            assert!(answer.ends_with(b"\r\n"));
        }
    }
    frames
}

fn raw_lines(stream: &[u8], size: usize) {
    let (mut framer, mut buffer) = (Framer::new(limits()), BytesMut::new());
    for read in stream.chunks(size) {
        buffer.extend_from_slice(read);
        loop {
            match framer.next_line(&mut buffer) {
                LineFrame::NeedMoreBytes => break,
                LineFrame::Line(line) => assert!(!line.contains(&b'\n') && line.len() <= limits().line),
                LineFrame::TooLong => {}
                LineFrame::Close => return,
            }
        }
        assert!(buffer.len() <= limits().line);
    }
}
