//! From an empty server to an administrator, a browser session, and a program that was let in.

use crate::harness::{Home, HttpResponse, on_both, request_with};
use std::net::SocketAddr;

/// What our own pages send.
const OWN: (&str, &str) = ("X-Postroom", "1");

fn cookie(answer: &HttpResponse) -> String {
    let set = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    set.split(';').next().unwrap_or_default().to_owned()
}

fn parameter(text: &str, name: &str) -> String {
    let value = text.split(['?', '&']).find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    value.expect(name).replace("%2D", "-").replace("%5F", "_")
}

#[test]
fn an_empty_server_is_set_up_in_a_browser() {
    on_both(|database| {
        let server = Home::new(database).serve();
        let http = server.address("http");
        let link = server.setup().expect("there is no administrator").to_owned();
        let token = link.strip_prefix(&format!("http://{http}/setup#")).expect("a link to this server").to_owned();
        let setup = format!(
            r#"{{"token": "{token}", "name": "dora", "address": "dora@new.example", "password": "a long one"}}"#
        );
        assert_eq!(request_with(http, &[], "POST /api/v1/setup", Some(&setup)).status, 403, "another site's page");
        let made = request_with(http, &[OWN], "POST /api/v1/setup", Some(&setup));
        assert_eq!(made.status, 200, "{made:?}");
        let cookie = cookie(&made);
        assert!(cookie.starts_with("postroom="), "on loopback without TLS: {cookie}");
        let me = request_with(http, &[("Cookie", &cookie)], "GET /api/v1/session", None).json();
        assert_eq!((&me["name"], &me["privilege"]), (&"dora".into(), &"admin".into()));

        let server = server.restart();
        assert_eq!(server.setup(), None, "there is an administrator now");
        let http = server.address("http");
        let me = request_with(http, &[("Cookie", &cookie)], "GET /api/v1/session", None);
        assert_eq!(me.status, 200, "a session outlives the server");
        let access = let_in(http, &cookie);
        let bearer = format!("Bearer {access}");
        let users = request_with(http, &[("Authorization", &bearer)], "GET /api/v1/users", None);
        assert_eq!(users.status, 200, "{users:?}");
        let out = request_with(http, &[("Cookie", &cookie), OWN], "DELETE /api/v1/session", None);
        assert_eq!(out.status, 204, "{out:?}");
        assert_eq!(request_with(http, &[("Cookie", &cookie)], "GET /api/v1/session", None).status, 401);
    });
}

/// Lets a program in for the API, and gives its access token.
fn let_in(http: SocketAddr, cookie: &str) -> String {
    let metadata = request_with(http, &[], "GET /.well-known/oauth-authorization-server", None).json();
    assert_eq!(metadata["issuer"], format!("http://{http}"), "loopback gets addresses of its own");
    let client = r#"{"client_name": "A script", "redirect_uris": ["http://127.0.0.1/done"]}"#;
    let client = request_with(http, &[], "POST /oauth/register", Some(client)).json()["client_id"].clone();
    let client = client.as_str().expect("an id");
    // RFC 7636 appendix B.
    let (verifier, challenge) =
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let asked = format!(
        "client_id={client}&redirect_uri=http://127.0.0.1:4567/done&response_type=code&scope=api&state=s\
         &code_challenge={challenge}&code_challenge_method=S256"
    );
    let page = request_with(http, &[("Cookie", cookie)], &format!("GET /oauth/authorize?{asked}"), None);
    assert!(page.status == 200 && page.body.contains("A script"), "{page:?}");
    let origin = format!("http://{http}");
    let headers = [("Cookie", cookie), ("Origin", origin.as_str())];
    let back = request_with(http, &headers, "POST /oauth/authorize", Some(&format!("{asked}&answer=allow")));
    let location = back.head.lines().find_map(|line| line.strip_prefix("location: ")).expect("a way back");
    assert!(location.starts_with("http://127.0.0.1:4567/done?code="), "{location}");
    let code = parameter(location, "code");
    let redeem = format!(
        "grant_type=authorization_code&client_id={client}&code={code}&code_verifier={verifier}\
         &redirect_uri=http://127.0.0.1:4567/done"
    );
    let tokens = request_with(http, &[], "POST /oauth/token", Some(&redeem)).json();
    tokens["access_token"].as_str().expect("a token").to_owned()
}
