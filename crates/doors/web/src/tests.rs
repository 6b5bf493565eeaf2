//! What a browser gets for which path.

use crate::{Files, router, router_of};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use rust_embed::{EmbeddedFile, Metadata};
use std::borrow::Cow;
use tower::ServiceExt;

fn file(bytes: &'static [u8]) -> Option<EmbeddedFile> {
    let metadata = Metadata::__rust_embed_new([0; 32], None, None);
    Some(EmbeddedFile { data: Cow::Borrowed(bytes), metadata })
}

fn built(name: &str) -> Option<EmbeddedFile> {
    match name {
        "index.html" => file(b"<app>"),
        "index.html.br" => file(b"app in brotli"),
        "favicon.svg" => file(b"<svg>"),
        "assets/app-1a2b.js" => file(b"plain"),
        "assets/app-1a2b.js.br" => file(b"in brotli"),
        "assets/app-1a2b.js.gz" => file(b"in gzip"),
        _ => None,
    }
}

fn nothing(_: &str) -> Option<EmbeddedFile> {
    None
}

async fn ask(files: Files, method: &str, path: &str, coding: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().method(method).uri(path).header("accept-encoding", coding);
    let answer = router_of(files).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn files_named_after_their_content_are_kept_for_ever_in_the_smallest_form() {
    for (offered, coding, body) in [
        ("gzip, deflate, br, zstd", Some("br"), "in brotli"),
        ("gzip", Some("gzip"), "in gzip"),
        ("br;q=0, gzip;q=0.5", Some("gzip"), "in gzip"),
        ("", None, "plain"),
    ] {
        let (status, headers, got) = ask(built, "GET", "/assets/app-1a2b.js", offered).await;
        assert_eq!(status, 200);
        assert_eq!(got, body, "{offered}");
        assert_eq!(headers.get("content-encoding").map(|value| value.to_str().unwrap()), coding);
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
        assert_eq!(headers["vary"], "accept-encoding");
    }
}

#[tokio::test]
async fn every_page_is_the_app_with_its_policy() {
    for path in ["/", "/mail/support/inbox", "/console/mailboxes", "/sign-in?next=/mail"] {
        let (status, headers, body) = ask(built, "GET", path, "").await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, "<app>"), "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(headers["cache-control"], "no-cache");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_answered_with_the_app() {
    for path in ["/assets/app-old.js", "/assets/app-1a2b.js.br", "/missing.png", "/index.html", "/assets/../index.html"]
    {
        let (status, _, body) = ask(built, "GET", path, "").await;
        assert_eq!(status, 404, "{path}");
        assert_eq!(body, "", "{path}");
    }
    assert_eq!(ask(built, "POST", "/", "").await.0, 405);
    assert_eq!(ask(built, "GET", "/favicon.svg", "").await.2, "<svg>");
}

#[tokio::test]
async fn without_a_built_app_a_page_says_how_to_build_it() {
    let (status, headers, body) = ask(nothing, "GET", "/mail", "").await;
    assert_eq!(status, 200);
    assert!(body.contains("make build"));
    assert!(headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
}

#[tokio::test]
async fn the_page_for_mail_runs_nothing_and_loads_images_only_when_asked() {
    for (path, remote) in [("/frame/mail", false), ("/frame/mail-with-images", true)] {
        let (status, headers, body) = ask(built, "GET", path, "").await;
        assert_eq!(status, 200);
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("sandbox allow-same-origin "), "{policy}");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(!policy.contains("allow-scripts") && !policy.contains("script-src"), "{policy}");
        assert_eq!(policy.contains("https:"), remote, "{policy}");
        assert_eq!(headers["x-frame-options"], "SAMEORIGIN");
        assert!(!body.contains("<script"));
    }
}

/// Whether or not the app was built before this crate: the router that is shipped answers.
#[tokio::test]
async fn the_shipped_router_has_a_front_page() {
    let answer = router().oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
}
