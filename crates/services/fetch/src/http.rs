//! One HTTP request over a connection of its own: tokens are asked for and alerts are told this way.

use crate::error::FetchError;
use crate::network::{BoxedStream, Network};
use http_body_util::{BodyExt, Limited};
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST_ANSWER: usize = 256 * 1024;

/// The status and the body of an answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Sends `body` to `url`. `public_only`: private addresses are not reached.
pub(crate) async fn post(
    network: &Network,
    url: &str,
    content_type: &str,
    body: String,
    public_only: bool,
) -> Result<Answer, FetchError> {
    match tokio::time::timeout(PATIENCE, exchange(network, url, content_type, body, public_only)).await {
        Ok(answer) => answer,
        Err(_) => Err(FetchError::Silent(PATIENCE.as_secs())),
    }
}

async fn exchange(
    network: &Network,
    url: &str,
    content_type: &str,
    body: String,
    public_only: bool,
) -> Result<Answer, FetchError> {
    let bad = || FetchError::Unreachable(format!("`{url}` is no address of the web"));
    let uri: Uri = url.parse().map_err(|_| bad())?;
    let host = uri.host().ok_or_else(bad)?.trim_matches(['[', ']']).to_owned();
    let secure = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(bad()),
    };
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let stream = network.connect(&host, port, public_only).await?;
    let stream: BoxedStream = if secure { network.secure(&host, stream).await? } else { Box::new(stream) };
    let broken = |error: hyper::Error| FetchError::Lost(error.to_string());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // It ends with the connection, when the answer has been read.
    tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, uri.authority().map_or(host.as_str(), |authority| authority.as_str()))
        .header(CONTENT_TYPE, content_type)
        .header(ACCEPT, "application/json")
        .body(body)
        .map_err(|_| bad())?;
    let response = sender.send_request(request).await.map_err(broken)?;
    let status = response.status().as_u16();
    let read = Limited::new(response.into_body(), LONGEST_ANSWER).collect().await;
    let body = read.map_err(|error| FetchError::Lost(error.to_string()))?.to_bytes().to_vec();
    Ok(Answer { status, body })
}
