//! LOGIN, AUTHENTICATE, ENABLE, ID, COMPRESS.

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};
use crate::sasl;
use crate::secret::Secret;

/// RFC 9051 §9: `login = "LOGIN" SP userid SP password`, both `astring`
pub(super) fn login(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let user = cursor.user_name()?;
    let password = cursor.after_space(|cursor| cursor.astring("a password"))?;
    Ok(Command::Login { user, password: Secret::new(password) })
}

/// RFC 9051 §9: `authenticate = "AUTHENTICATE" SP auth-type [SP initial-resp] *(CRLF base64)`,
/// `initial-resp = (base64 / "=")`; the lines that follow are read with [`sasl::reply`].
pub(super) fn authenticate(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let mechanism = cursor.atom("the name of a SASL mechanism")?.to_ascii_uppercase();
    let mut initial_response = None;
    if cursor.rest().len() > 1 && cursor.eat(b' ') {
        let at = cursor.at();
        let text = cursor.take_while(|byte| byte != b' ');
        let decoded = sasl::initial_response(text);
        initial_response = Some(decoded.map_err(|_| Expected { what: "base64 or =", at })?);
    }
    Ok(Command::Authenticate { mechanism, initial_response })
}

/// RFC 9051 §9: `enable = "ENABLE" 1*(SP capability)`, `capability = ("AUTH=" auth-type) / atom`; in capitals.
pub(super) fn enable(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let mut capabilities = Vec::new();
    loop {
        capabilities.push(cursor.atom("a capability")?.to_ascii_uppercase());
        if cursor.rest().len() < 2 || !cursor.eat(b' ') {
            return Ok(Command::Enable(capabilities));
        }
    }
}

/// RFC 2971 §4: `id = "ID" SP id-params-list`, `id-params-list = "(" *(string SP nstring) ")" / nil`; at most 30 fields,
/// which is the client's duty and not checked.
pub(super) fn id(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    if cursor.eat_text(b"NIL") {
        return Ok(Command::Id(Vec::new()));
    }
    let fields = cursor.list_or_empty("NIL or a list of fields", |cursor| {
        let name = String::from_utf8_lossy(&cursor.string("the name of a field")?).into_owned();
        let value = cursor.after_space(|cursor| cursor.nstring("a string or NIL"))?;
        Ok((name, value.map(|value| String::from_utf8_lossy(&value).into_owned())))
    })?;
    Ok(Command::Id(fields))
}

/// RFC 4978 §5: `compress = "COMPRESS" SP algorithm`, `algorithm = "DEFLATE"`; in capitals.
pub(super) fn compress(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let algorithm = cursor.atom("the name of a compression algorithm")?.to_ascii_uppercase();
    Ok(Command::Compress { algorithm })
}
