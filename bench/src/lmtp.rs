//! A minimal LMTP client (RFC 2033) and the delivery load made of it. Start reading at [`deliver`].

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::corpus::Corpus;
use crate::failure::{Failure, Result};

/// A session that is refused more often than this gives up, so that a broken server ends the run.
const MOST_REFUSALS: usize = 20;

/// `count` messages of the corpus from number `first` on, spread over the recipients by `sessions` connections.
pub(crate) struct Load {
    pub(crate) corpus: Arc<Corpus>,
    pub(crate) recipients: Arc<[String]>,
    pub(crate) sessions: usize,
    pub(crate) first: usize,
    pub(crate) count: usize,
}

/// What became of a load.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
    /// The first refusal, in the server's words.
    pub(crate) why: Option<String>,
    pub(crate) wall: Duration,
    pub(crate) latencies: Vec<Duration>,
}

/// Delivers the load; ends when the last message is answered.
pub(crate) async fn deliver(server: SocketAddr, load: &Load) -> Delivered {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let sessions: Vec<_> = (0..load.sessions)
        .map(|_| {
            let work = Work {
                server,
                corpus: Arc::clone(&load.corpus),
                recipients: Arc::clone(&load.recipients),
                next: Arc::clone(&next),
                first: load.first,
                count: load.count,
            };
            tokio::spawn(work.run())
        })
        .collect();
    let mut total = Delivered::default();
    for session in sessions {
        match session.await {
            Ok(one) => total.add(one),
            Err(error) => total.refuse(error.to_string()),
        }
    }
    total.wall = begun.elapsed();
    total.refused += load.count.saturating_sub(total.accepted + total.refused);
    total
}

impl Delivered {
    fn add(&mut self, one: Self) {
        self.accepted += one.accepted;
        self.refused += one.refused;
        self.why = self.why.take().or(one.why);
        self.latencies.extend(one.latencies);
    }

    fn refuse(&mut self, why: String) {
        self.refused += 1;
        self.why.get_or_insert(why);
    }
}

/// One session's share: it takes the next message until none is left.
struct Work {
    server: SocketAddr,
    corpus: Arc<Corpus>,
    recipients: Arc<[String]>,
    next: Arc<AtomicUsize>,
    first: usize,
    count: usize,
}

impl Work {
    async fn run(self) -> Delivered {
        let mut done = Delivered::default();
        let mut message = Vec::new();
        let mut connection = None;
        loop {
            let i = self.next.fetch_add(1, Ordering::Relaxed);
            if i >= self.count || done.refused > MOST_REFUSALS {
                break;
            }
            self.corpus.write_message(self.first + i, &mut message);
            let recipient = &self.recipients[i % self.recipients.len()];
            match self.one(&mut connection, recipient, &message).await {
                Ok(took) => {
                    done.accepted += 1;
                    done.latencies.push(took);
                }
                Err(why) => {
                    done.refuse(why.to_string());
                    connection = None;
                }
            }
        }
        if let Some(mut lmtp) = connection {
            lmtp.quit().await;
        }
        done
    }

    async fn one(&self, connection: &mut Option<Lmtp>, recipient: &str, message: &[u8]) -> Result<Duration> {
        let lmtp = match connection {
            Some(lmtp) => lmtp,
            None => connection.insert(Lmtp::connect(self.server).await?),
        };
        let begun = Instant::now();
        lmtp.send(recipient, message).await?;
        Ok(begun.elapsed())
    }
}

pub(crate) struct Lmtp {
    stream: TcpStream,
    read: Vec<u8>,
    write: Vec<u8>,
}

impl Lmtp {
    pub(crate) async fn connect(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let mut lmtp = Self { stream, read: Vec::with_capacity(4096), write: Vec::with_capacity(256) };
        lmtp.expect(b'2').await?;
        lmtp.stream.write_all(b"LHLO bench.example\r\n").await?;
        lmtp.expect(b'2').await?;
        Ok(lmtp)
    }

    /// One message to one recipient; `message` ends with the final dot. Ok means the server took responsibility.
    pub(crate) async fn send(&mut self, recipient: &str, message: &[u8]) -> Result<()> {
        self.write.clear();
        self.write.extend_from_slice(b"MAIL FROM:<sender@example.net>\r\nRCPT TO:<");
        self.write.extend_from_slice(recipient.as_bytes());
        self.write.extend_from_slice(b">\r\nDATA\r\n");
        self.stream.write_all(&self.write).await?;
        for class in [b'2', b'2', b'3'] {
            self.expect(class).await?;
        }
        self.stream.write_all(message).await?;
        self.expect(b'2').await
    }

    async fn quit(&mut self) {
        // Good manners only: what was accepted stays accepted, whatever becomes of the farewell.
        let _ = self.stream.write_all(b"QUIT\r\n").await;
    }

    /// Reads one reply, of one line or several, whose code begins with `class`.
    async fn expect(&mut self, class: u8) -> Result<()> {
        loop {
            while let Some(end) = memchr::memchr(b'\n', &self.read) {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                if line.get(3) == Some(&b'-') {
                    continue;
                }
                if line.first() == Some(&class) {
                    return Ok(());
                }
                return Err(Failure::new(String::from_utf8_lossy(&line).trim_end()));
            }
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(Failure::new("the server closed the connection"));
            }
        }
    }
}
