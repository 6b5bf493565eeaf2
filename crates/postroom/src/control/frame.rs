//! What goes over the control socket: a length of four octets, then that much JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// An organisation of a hundred thousand people fits.
const LONGEST: u32 = 256 << 20;

pub(super) async fn write<T: Serialize>(to: &mut (impl AsyncWrite + Unpin), value: &T) -> io::Result<()> {
    let json = serde_json::to_vec(value)?;
    let length = u32::try_from(json.len()).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(|| io::Error::other("this is too large for the control socket"))?;
    to.write_all(&length.to_be_bytes()).await?;
    to.write_all(&json).await?;
    to.flush().await
}

pub(super) async fn read<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> io::Result<T> {
    let length = from.read_u32().await?;
    if length > LONGEST {
        return Err(io::Error::other("this is too large for the control socket"));
    }
    let mut json = Vec::new();
    // The buffer grows with what arrives, not with what was announced.
    from.take(length.into()).read_to_end(&mut json).await?;
    Ok(serde_json::from_slice(&json)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_written_is_read() {
        let (mut one, mut other) = tokio::io::duplex(16);
        let value = vec!["a text".to_owned(), "x".repeat(1000)];
        let (written, read) = tokio::join!(write(&mut one, &value), read::<Vec<String>>(&mut other));
        written.unwrap();
        assert_eq!(read.unwrap(), value);
    }

    #[tokio::test]
    async fn what_is_no_frame_is_refused() {
        let cases: [(&[u8], &str); 4] = [
            (b"", "nothing at all"),
            (b"\xff\xff\xff\xff", "longer than any request"),
            (b"\0\0\0\x05[1", "cut off"),
            (b"\0\0\0\x03abc", "no JSON"),
        ];
        for (mut bytes, what) in cases {
            assert!(read::<Vec<u8>>(&mut bytes).await.is_err(), "{what}");
        }
    }
}
