//! As much of an HTTP client as the tests need.

use super::{Server, password, trusting};
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Response {
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// One request on a connection of its own. `who` signs in with their password of the example organisation.
pub(crate) fn request(to: SocketAddr, who: Option<&str>, line: &str, body: Option<&str>) -> Response {
    ask(TcpStream::connect(to).expect("the server listens"), to, &signed(who), line, body)
}

/// With headers instead of a sign-in.
pub(crate) fn request_with(to: SocketAddr, headers: &[(&str, &str)], line: &str, body: Option<&str>) -> Response {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    ask(TcpStream::connect(to).expect("the server listens"), to, &headers, line, body)
}

fn signed(who: Option<&str>) -> String {
    let basic = |who: &str| format!("Authorization: Basic {}\r\n", base64(&format!("{who}:{}", password(who))));
    who.map(basic).unwrap_or_default()
}

/// The same over TLS; the self-signed certificate of the server is what the client trusts.
pub(crate) fn request_over_tls(server: &Server, who: Option<&str>, line: &str) -> Response {
    let to = server.address("https");
    let config = trusting(&server.home().path("data/self-signed-mail.example.org.pem"));
    let name = ServerName::try_from("mail.example.org").expect("a name");
    let session = ClientConnection::new(config, name).expect("a session");
    let stream = TcpStream::connect(to).expect("the server listens");
    ask(StreamOwned::new(session, stream), to, &signed(who), line, None)
}

fn ask(mut stream: impl Read + Write, to: SocketAddr, headers: &str, line: &str, body: Option<&str>) -> Response {
    let mut head = format!("{line} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n{headers}");
    if let Some(body) = body {
        let kind = if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()));
    }
    stream.write_all(format!("{head}\r\n{}", body.unwrap_or_default()).as_bytes()).expect("it reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("it answers");
    let (head, body) = text.split_once("\r\n\r\n").expect("a whole response");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Response { status, head: head.to_owned(), body: body.to_owned() }
}

pub(crate) fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let encode = |chunk: &[u8]| -> String {
        let bits = chunk.iter().enumerate().fold(0u32, |bits, (at, octet)| bits | u32::from(*octet) << (16 - 8 * at));
        let digit = |at: usize| {
            let index = (bits >> (18 - 6 * at)) & 63;
            if at > chunk.len() { '=' } else { char::from(ALPHABET[index as usize]) }
        };
        (0..4).map(digit).collect()
    };
    text.as_bytes().chunks(3).map(encode).collect()
}
