//! Identities, sending, and automatic replies.

use super::*;

/// A draft of a person to somebody; gives its id.
async fn draft(desk: &Desk, who: &str, account: &str, from: &str, to: &str) -> String {
    let text = format!("From: {from}\r\nTo: {to}\r\nSubject: sent\r\nMessage-ID: <d@x>\r\n\r\nb");
    desk.message(who, account, "Drafts", &text).await
}

async fn identity(desk: &Desk, who: &str, account: &str, address: &str) -> Value {
    let all = desk.call(who, account, "Identity/get", json!({})).await;
    all["list"].as_array().unwrap().iter().find(|identity| identity["email"] == address).cloned().unwrap_or(Value::Null)
}

#[tokio::test]
async fn identities_follow_the_rights_to_send() {
    with_desk(|desk| async move {
        let emails = |all: &Value| {
            all["list"].as_array().unwrap().iter().map(|i| format!("{} {}", i["email"], i["sendsAs"])).collect::<Vec<_>>()
        };
        let own = desk.call("alice", "alice", "Identity/get", json!({})).await;
        let expected = [
            "\"alice@example.org\" \"own\"",
            "\"ng@example.org\" \"own\"",
            "\"support@example.org\" \"as\"",
        ];
        assert_eq!(emails(&own), expected);
        let shared = desk.call("carol", "support", "Identity/get", json!({})).await;
        assert_eq!(emails(&shared), ["\"support@example.org\" \"behalf\""]);
        assert!(emails(&desk.call("bob", "support", "Identity/get", json!({})).await).is_empty());
        let id = own["list"][2]["id"].as_str().unwrap();
        let update = json!({"update": {id: {"name": "The desk", "textSignature": "-- \nDesk", "replyTo": [{"email": "r@x"}]},
            "I99": {"name": "x"}}, "create": {"k": {"email": "x@y"}}, "destroy": [id]});
        let done = desk.call("alice", "alice", "Identity/set", update).await;
        assert_eq!(done["updated"], json!({id: null}), "{done}");
        assert_eq!(done["notUpdated"]["I99"]["type"], "notFound");
        assert_eq!(done["notCreated"]["k"]["type"], "forbidden");
        let changed = desk.call("alice", "alice", "Identity/changes", json!({"sinceState": own["state"]})).await;
        assert_eq!((&changed["updated"], &changed["created"]), (&json!([id]), &json!([])));
        let kept = identity(&desk, "alice", "alice", "support@example.org").await;
        assert_eq!((&kept["name"], &kept["replyTo"]), (&json!("The desk"), &json!([{"email": "r@x"}])));
        // The role is taken away: the identity goes, and its change is told.
        let without = ORGANISATION.replace("members = [\"alice\"]", "members = []");
        let file = OrganisationFile::parse(&without, &|_| Some(PASSWORD.to_owned())).unwrap();
        desk.directory.apply(Actor::operator(), file, Options::default()).await.unwrap();
        let changed = desk.call("alice", "alice", "Identity/changes", json!({"sinceState": changed["newState"]})).await;
        assert_eq!(changed["destroyed"], json!([id]), "{changed}");
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_sent_and_becomes_the_one_copy() {
    with_desk(|desk| async move {
        let email = draft(&desk, "alice", "alice", "alice@example.org", "bob@example.org").await;
        let identity = identity(&desk, "alice", "alice", "alice@example.org").await["id"].clone();
        let [sent, drafts] =
            [desk.folder("alice", "alice", "Sent Items").await, desk.folder("alice", "alice", "Drafts").await];
        let account = desk.account("alice");
        let patch =
            json!({format!("mailboxIds/{sent}"): true, format!("mailboxIds/{drafts}"): null, "keywords/$draft": null});
        let arguments = json!({"accountId": account, "create": {"s": {"identityId": identity, "emailId": email}},
            "onSuccessUpdateEmail": {"#s": patch}});
        let answers = desk.calls("alice", json!([["EmailSubmission/set", arguments, "c"]])).await;
        let created = &answers[0].1["created"]["s"];
        assert_eq!(created["undoStatus"], "final", "{answers:?}");
        assert_eq!((answers[1].0.as_str(), &answers[1].1["updated"]), ("Email/set", &json!({&email: null})));
        let filed = desk.call("alice", "alice", "Email/query", json!({"filter": {"inMailbox": sent}})).await;
        assert_eq!(filed["ids"], json!([email]), "the email itself is the copy");
        let inbox = desk.folder("bob", "bob", "Inbox").await;
        let got = desk.call("bob", "bob", "Email/query", json!({"filter": {"inMailbox": inbox}})).await;
        assert_eq!(got["ids"].as_array().unwrap().len(), 1);
        let list = desk.call("alice", "alice", "EmailSubmission/get", json!({})).await;
        let submission = &list["list"][0];
        assert_eq!(submission["envelope"]["rcptTo"][0]["email"], "bob@example.org");
        assert_eq!(submission["deliveryStatus"]["bob@example.org"]["delivered"], "yes");
        let changed = desk
            .call("alice", "alice", "EmailSubmission/changes", json!({"sinceState": answers[0].1["oldState"]}))
            .await;
        assert_eq!(changed["created"], json!([submission["id"]]));
        let query =
            desk.call("alice", "alice", "EmailSubmission/query", json!({"filter": {"emailIds": [email]}})).await;
        assert_eq!(query["ids"], json!([submission["id"]]));
        let id = submission["id"].as_str().unwrap();
        let undo = json!({"update": {id: {"undoStatus": "canceled"}}});
        let done = desk.call("alice", "alice", "EmailSubmission/set", undo).await;
        assert_eq!(done["notUpdated"][id]["type"], "cannotUnsend");
        let done = desk.call("alice", "alice", "EmailSubmission/set", json!({"destroy": [id]})).await;
        assert_eq!(done["destroyed"], json!([id]));
    })
    .await;
}

#[tokio::test]
async fn what_may_not_be_sent_is_refused_with_the_reason() {
    with_desk(|desk| async move {
        let identity = identity(&desk, "alice", "alice", "alice@example.org").await["id"].clone();
        let forged = draft(&desk, "alice", "alice", "bob@example.org", "bob@example.org").await;
        let nobody = draft(&desk, "alice", "alice", "alice@example.org", "").await;
        let unknown = draft(&desk, "alice", "alice", "alice@example.org", "nobody@example.org").await;
        let fine = draft(&desk, "alice", "alice", "alice@example.org", "bob@example.org").await;
        let envelope = |mail: Value, rcpt: Value| json!({"mailFrom": mail, "rcptTo": rcpt});
        let to_bob = json!([{"email": "bob@example.org"}]);
        for (object, kind) in [
            (json!({"identityId": identity, "emailId": forged}), "forbiddenFrom"),
            (json!({"identityId": identity, "emailId": nobody}), "noRecipients"),
            (json!({"identityId": identity, "emailId": unknown}), "invalidRecipients"),
            (json!({"identityId": "I99", "emailId": fine}), "invalidProperties"),
            (json!({"identityId": identity, "emailId": "E0-0"}), "invalidProperties"),
            (json!({"identityId": identity, "emailId": fine, "sendAt": "2030-01-01T00:00:00Z"}), "invalidProperties"),
            (json!({"identityId": identity, "emailId": fine, "envelope": {}}), "invalidProperties"),
            (
                json!({"identityId": identity, "emailId": fine,
                "envelope": envelope(json!({"email": "bob@example.org"}), to_bob.clone())}),
                "forbiddenFrom",
            ),
            (
                json!({"identityId": identity, "emailId": fine,
                "envelope": envelope(json!({"email": "alice@example.org", "parameters": {"HOLDFOR": "60"}}), to_bob)}),
                "invalidProperties",
            ),
            (
                json!({"identityId": identity, "emailId": fine,
                "envelope": envelope(json!({"email": "alice@example.org"}), json!([{"email": "nothing"}]))}),
                "invalidRecipients",
            ),
        ] {
            let done = desk.call("alice", "alice", "EmailSubmission/set", json!({"create": {"s": object}})).await;
            assert_eq!(done["notCreated"]["s"]["type"], kind, "{object} {done}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_away_answers_once_and_no_machine() {
    with_desk(|desk| async move {
        let update =
            json!({"update": {"singleton": {"isEnabled": true, "subject": "Away", "textBody": "Back on Monday"}}});
        let done = desk.call("bob", "bob", "VacationResponse/set", update).await;
        assert_eq!(done["updated"], json!({"singleton": null}));
        let identity = identity(&desk, "alice", "alice", "alice@example.org").await["id"].clone();
        let list = "From: alice@example.org\r\nTo: bob@example.org\r\nList-Id: <l.x>\r\n\r\nb";
        let list = desk.message("alice", "alice", "Drafts", list).await;
        let first = draft(&desk, "alice", "alice", "alice@example.org", "bob@example.org").await;
        let second = draft(&desk, "alice", "alice", "alice@example.org", "bob@example.org").await;
        for email in [list, first, second] {
            let create = json!({"create": {"s": {"identityId": identity, "emailId": email}}});
            let done = desk.call("alice", "alice", "EmailSubmission/set", create).await;
            assert!(done["created"]["s"].is_object(), "{done}");
        }
        let inbox = desk.folder("alice", "alice", "Inbox").await;
        let found = desk.call("alice", "alice", "Email/query", json!({"filter": {"inMailbox": inbox}})).await;
        assert_eq!(found["ids"].as_array().unwrap().len(), 1, "one answer");
        let properties =
            ["subject", "from", "preview", "inReplyTo", "header:Auto-Submitted:asText", "header:Return-Path:asRaw"];
        let got =
            desk.call("alice", "alice", "Email/get", json!({"ids": found["ids"], "properties": properties})).await;
        let reply = &got["list"][0];
        assert_eq!((&reply["subject"], &reply["preview"]), (&json!("Away"), &json!("Back on Monday")));
        assert_eq!(reply["from"][0]["email"], "bob@example.org");
        assert_eq!(reply["inReplyTo"], json!(["d@x"]));
        assert_eq!(reply["header:Auto-Submitted:asText"], "auto-replied");
        assert_eq!(reply["header:Return-Path:asRaw"], " <>");
        assert_eq!(desk.error("alice", "support", "VacationResponse/get", json!({})).await, "forbidden");
    })
    .await;
}
