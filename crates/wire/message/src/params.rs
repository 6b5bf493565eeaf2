//! Content-Type and Content-Disposition values as BODYSTRUCTURE shows them: parameters in their written form, RFC 2231
//! pieces and encoded words included, because mail programs put these together themselves.

use crate::fields::{MAX_VALUE, unfold};

/// One field is kept with at most this many parameters.
pub const MAX_PARAMS: usize = 100;

pub(crate) type Params = Vec<(Vec<u8>, Vec<u8>)>;

/// `token *(";" name "=" value)` (RFC 2045 5.1, RFC 2183 2): the token and the names in lower case.
pub(crate) fn token_and_params(value: &[u8]) -> (Vec<u8>, Params) {
    let value = unfold(value.get(..MAX_VALUE).unwrap_or(value));
    let mut rest = &value[..];
    let token = without_comment(take_until_semicolon(&mut rest)).to_ascii_lowercase();
    let mut params = Params::new();
    while !rest.is_empty() && params.len() < MAX_PARAMS {
        if let Some(param) = param(&mut rest) {
            params.push(param);
        }
    }
    (token, params)
}

fn param(rest: &mut &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let stop = memchr::memchr2(b'=', b';', rest).unwrap_or(rest.len());
    let name = rest.get(..stop).unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let has_value = rest.get(stop) == Some(&b'=');
    *rest = rest.get(stop + 1..).unwrap_or_default();
    if !has_value {
        return None;
    }
    *rest = rest.trim_ascii_start();
    let value = match rest.strip_prefix(b"\"") {
        Some(after_quote) => {
            *rest = after_quote;
            let value = quoted(rest);
            take_until_semicolon(rest);
            value
        }
        None => {
            let written = take_until_semicolon(rest);
            // Unquoted file names with spaces and brackets are common; everywhere else a comment may follow.
            if is_file_name(&name) { written.to_vec() } else { without_comment(written).to_vec() }
        }
    };
    (!name.is_empty()).then_some((name, value))
}

fn is_file_name(name: &[u8]) -> bool {
    name.starts_with(b"name") || name.starts_with(b"filename")
}

/// Reads up to the closing quote, which is stepped over.
fn quoted(rest: &mut &[u8]) -> Vec<u8> {
    let mut value = Vec::new();
    while let Some((&byte, after)) = rest.split_first() {
        *rest = after;
        match byte {
            b'"' => break,
            b'\\' => {
                if let Some((&escaped, after)) = after.split_first() {
                    *rest = after;
                    value.push(escaped);
                }
            }
            _ => value.push(byte),
        }
    }
    value
}

fn take_until_semicolon<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let whole = *rest;
    let stop = memchr::memchr(b';', whole).unwrap_or(whole.len());
    *rest = whole.get(stop + 1..).unwrap_or_default();
    whole.get(..stop).unwrap_or_default().trim_ascii()
}

fn without_comment(written: &[u8]) -> &[u8] {
    let end = memchr::memchr3(b' ', b'\t', b'(', written).unwrap_or(written.len());
    written.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
