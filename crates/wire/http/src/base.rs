//! The base of absolute URLs: what is configured, except that a request to a loopback name gets its own origin.

use http::{HeaderMap, header};

/// Without a slash at its end.
pub fn url(headers: &HeaderMap, tls: bool, public_url: &str) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match host.filter(|host| is_loopback(host)) {
        Some(host) => format!("{}://{host}", if tls { "https" } else { "http" }),
        None => public_url.trim_end_matches('/').to_owned(),
    }
}

fn is_loopback(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host, ""),
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    let loopback = name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback());
    loopback && port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::url;
    use http::{HeaderMap, HeaderValue};

    #[test]
    fn loopback_gets_its_own_origin_and_nobody_else_does() {
        for (host, tls, expected) in [
            ("127.0.0.1:8080", false, "http://127.0.0.1:8080"),
            ("localhost", true, "https://localhost"),
            ("[::1]:8443", true, "https://[::1]:8443"),
            ("mail.example.org", true, "https://mail.example.org"),
            ("evil.example", true, "https://mail.example.org"),
            ("localhost.evil.example", false, "https://mail.example.org"),
            ("localhost:80/x", false, "https://mail.example.org"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_str(host).unwrap());
            assert_eq!(url(&headers, tls, "https://mail.example.org/"), expected, "{host}");
        }
    }
}
