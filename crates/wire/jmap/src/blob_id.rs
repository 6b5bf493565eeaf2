//! The ids of blobs: an upload `U7`, an email `E12-7`, and parts of what they hold: `E12-7-2_1` is section 2.1 of it.
//! A part may be a message of its own whose parts follow: `E12-7-2-1`.

/// What a blob id names. `Base` is what the server calls the upload or email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobId<'a> {
    pub base: &'a str,
    /// Each: the section number of a part of what came before.
    pub parts: Vec<Vec<u32>>,
}

/// Parts within parts that are followed.
const DEEPEST: usize = 16;

/// The id of a part of a blob.
pub fn of_part(blob: &str, number: &[u32]) -> String {
    let number: Vec<String> = number.iter().map(u32::to_string).collect();
    format!("{blob}-{}", number.join("_"))
}

/// Reads an id; `base_segments`: how many pieces between hyphens the name of the upload or email has.
pub fn read(id: &str) -> Option<BlobId<'_>> {
    let segments = match id.as_bytes().first()? {
        b'U' => 1,
        b'E' => 2,
        _ => return None,
    };
    let end = id.match_indices('-').nth(segments - 1).map_or(id.len(), |(at, _)| at);
    let (base, rest) = id.split_at_checked(end)?;
    let mut parts = Vec::new();
    for part in rest.split('-').skip(1) {
        let number = part.split('_').map(number).collect::<Option<Vec<u32>>>()?;
        parts.push(number);
    }
    (parts.len() <= DEEPEST).then_some(BlobId { base, parts })
}

fn number(text: &str) -> Option<u32> {
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back() {
        assert_eq!(read("U7"), Some(BlobId { base: "U7", parts: vec![] }));
        assert_eq!(read("E12-7"), Some(BlobId { base: "E12-7", parts: vec![] }));
        assert_eq!(read(&of_part("E12-7", &[2, 1])), Some(BlobId { base: "E12-7", parts: vec![vec![2, 1]] }));
        assert_eq!(read("U7-2-1"), Some(BlobId { base: "U7", parts: vec![vec![2], vec![1]] }));
        for bad in ["", "X1", "U7-", "U7-0", "U7-1_", "U7-a", "E12-7--1", "U7-01"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
