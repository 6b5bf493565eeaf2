//! What a 401 asks for (RFC 9110 section 11.6.1).

use crate::OWN_HEADER;
use http::{HeaderMap, HeaderValue, header};

/// The answer to a request with these headers gets these challenges. Our own pages are not asked for Basic: the
/// browser would put its own dialogue over them.
pub fn add(request: &HeaderMap, answer: &mut HeaderMap) {
    answer.remove(header::WWW_AUTHENTICATE);
    if !request.contains_key(OWN_HEADER) {
        let basic = HeaderValue::from_static("Basic realm=\"Postroom\", charset=\"UTF-8\"");
        answer.append(header::WWW_AUTHENTICATE, basic);
    }
    answer.append(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Postroom\""));
}
