//! JMAP on a real server: the same story through IMAP, JMAP and SMTP at once.

use crate::harness::{Imap, Server, Smtp, on_both, request};
use serde_json::{Value, json};

const INBOX: &str = "\"Shared/Customer Support/INBOX\"";

/// Calls one method as somebody; gives its answer.
#[track_caller]
fn call(server: &Server, who: &str, method: &str, arguments: &Value) -> Value {
    let using = ["core", "mail", "submission", "vacationresponse"].map(|name| format!("urn:ietf:params:jmap:{name}"));
    let body = json!({ "using": using, "methodCalls": [[method, arguments, "c"]] }).to_string();
    let answer = request(server.address("http"), Some(who), "POST /jmap/api", Some(&body)).json();
    assert_eq!(answer["methodResponses"][0][0], method, "{answer}");
    answer["methodResponses"][0][1].clone()
}

/// The id of the account of a name, as somebody's session lists it.
fn account(server: &Server, who: &str, name: &str) -> Option<String> {
    let session = request(server.address("http"), Some(who), "GET /.well-known/jmap", None).json();
    let accounts = session["accounts"].as_object()?;
    accounts.iter().find(|(_, account)| account["name"] == name).map(|(id, _)| id.clone())
}

#[test]
fn one_story_through_every_door() {
    on_both(|database| {
        let server = Server::start(database);
        let support = account(&server, "alice", "Customer Support").expect("a member has the account");
        assert_eq!(account(&server, "mallory", "Customer Support"), None, "the stranger has not");
        let mut bob = Imap::sign_in(server.address("imap"), "bob");
        assert_eq!(bob.ok(&format!("SELECT {INBOX}")).exists(), 0);
        let state = call(&server, "alice", "Email/get", &json!({"accountId": support, "ids": []}))["state"].clone();

        // A customer writes by SMTP; one agent learns of it by JMAP, the other by IMAP.
        let mut customer = Smtp::connect(server.address("smtp"));
        let message = "From: Mallory <mallory@example.org>\r\nTo: support@example.org\r\nSubject: Help\r\nMessage-ID: <1@x>\r\n\r\nPlease.\r\n";
        customer.send("mallory@example.org", "support@example.org", message.as_bytes()).expect(250);
        let news = call(&server, "alice", "Email/changes", &json!({"accountId": support, "sinceState": state}));
        let email = news["created"][0].as_str().expect("one email").to_owned();
        bob.idle();
        bob.wait_for("* 1 EXISTS");

        // What JMAP marks IMAP shows, under the same id.
        let update =
            json!({"accountId": support, "update": {&email: {"keywords/$flagged": true, "keywords/mine": true}}});
        call(&server, "alice", "Email/set", &update);
        let told = bob.wait_for("\\Flagged");
        assert!(told.contains("mine"), "{told}");
        bob.done();
        assert!(bob.ok("FETCH 1 (EMAILID)").tells(&format!("EMAILID ({email})")));

        // What IMAP marks JMAP shows.
        bob.ok("STORE 1 +FLAGS (\\Answered)");
        let got = call(
            &server,
            "alice",
            "Email/get",
            &json!({"accountId": support, "ids": [email], "properties": ["keywords", "subject"]}),
        );
        assert_eq!(got["list"][0]["keywords"], json!({"$flagged": true, "$answered": true, "mine": true}));
        assert_eq!(got["list"][0]["subject"], "Help");

        // The answer is sent by JMAP as the shared mailbox; the customer gets it by IMAP.
        let folders = call(&server, "alice", "Mailbox/get", &json!({"accountId": support}));
        let role = |role: &str| {
            let found = folders["list"].as_array().expect("a list").iter().find(|folder| folder["role"] == role);
            found.expect("the folder")["id"].as_str().expect("an id").to_owned()
        };
        let draft = json!({"mailboxIds": {role("drafts"): true}, "keywords": {"$draft": true},
            "from": [{"name": "Support", "email": "support@example.org"}], "to": [{"email": "mallory@example.org"}],
            "subject": "Re: Help", "inReplyTo": ["1@x"], "references": ["1@x"],
            "textBody": [{"partId": "1", "type": "text/plain"}], "bodyValues": {"1": {"value": "Done."}}});
        let made = call(&server, "alice", "Email/set", &json!({"accountId": support, "create": {"d": draft}}));
        let draft = made["created"]["d"]["id"].as_str().expect("made").to_owned();
        let identities = call(&server, "alice", "Identity/get", &json!({"accountId": support}));
        let identity = identities["list"][0]["id"].clone();
        let patch = json!({format!("mailboxIds/{}", role("sent")): true, format!("mailboxIds/{}", role("drafts")): null, "keywords/$draft": null});
        let submission = json!({"accountId": support, "create": {"s": {"emailId": draft, "identityId": identity}},
            "onSuccessUpdateEmail": {"#s": patch}});
        let sent = call(&server, "alice", "EmailSubmission/set", &submission);
        assert!(sent["created"]["s"].is_object(), "{sent}");
        let mut customer = Imap::sign_in(server.address("imap"), "mallory");
        assert_eq!(customer.ok("SELECT INBOX").exists(), 1);
        let body = String::from_utf8(customer.bodies("1").remove(0)).expect("ASCII").to_lowercase();
        assert!(
            body.contains("from: \"support\" <support@example.org>")
                || body.contains("from: support <support@example.org>"),
            "{body}"
        );
        assert!(body.contains("done.") && !body.contains("alice"), "{body}");
        assert_eq!(bob.ok("SELECT \"Shared/Customer Support/Sent Items\"").exists(), 1, "one copy");

        // What IMAP removes is gone for JMAP, and the conversation is what is left of it.
        let thread = call(
            &server,
            "alice",
            "Email/get",
            &json!({"accountId": support, "ids": [email], "properties": ["threadId"]}),
        );
        let thread = thread["list"][0]["threadId"].clone();
        let both = call(&server, "alice", "Thread/get", &json!({"accountId": support, "ids": [thread]}));
        assert_eq!(both["list"][0]["emailIds"], json!([email, draft]));
        bob.ok(&format!("SELECT {INBOX}"));
        bob.ok("STORE 1 +FLAGS (\\Deleted)");
        let inbox = json!({"accountId": support, "filter": {"inMailbox": role("inbox")}});
        assert_eq!(call(&server, "alice", "Email/query", &inbox)["ids"], json!([]), "marked is hidden");
        bob.ok("EXPUNGE");
        let trash = json!({"accountId": support, "filter": {"inMailbox": role("trash")}});
        assert_eq!(
            call(&server, "alice", "Email/query", &trash)["ids"],
            json!([email]),
            "an agent removes to Deleted Items"
        );
        assert!(server.log().lines().all(|line| !line.contains("ERROR")), "{}", server.log());
        server.stop();
    });
}
