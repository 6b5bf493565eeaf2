//! What is wrong is answered as the RFC says, never with a 500, and never with a hint at what is hidden.

use super::*;

#[tokio::test]
async fn requests_that_are_none_are_refused_as_a_whole() {
    with_desk(|desk| async move {
        let deep = format!("{}{}", "[".repeat(90_000), "]".repeat(90_000));
        let using = r#"{"using":["urn:ietf:params:jmap:core","urn:x"],"methodCalls":[]}"#;
        let many = json!({ "using": [], "methodCalls": vec![json!(["Core/echo", {}, "c"]); LIMITS.calls + 1] });
        for (body, kind, limit) in [
            ("nothing".to_owned(), "notJSON", ""),
            (deep, "notJSON", ""),
            ("{}".to_owned(), "notRequest", ""),
            (using.to_owned(), "unknownCapability", ""),
            (many.to_string(), "limit", "maxCallsInRequest"),
            (" ".repeat(LIMITS.request + 1), "limit", "maxSizeRequest"),
        ] {
            let problem = desk.post("alice", body).await.problem();
            assert_eq!(problem, (400, kind.to_owned(), limit.to_owned()));
        }
        let plain = Desk::request("alice", "POST /jmap/api").header("content-type", "text/plain");
        assert_eq!(desk.send(plain.body(Body::from("{}")).unwrap()).await.status, 415);
        let large = desk.upload("alice", "alice", vec![0u8; LIMITS.upload + 1]).await;
        assert_eq!(large.problem(), (413, "limit".to_owned(), "maxSizeUpload".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn calls_that_are_wrong_name_the_argument() {
    with_desk(|desk| async move {
        let ids: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
        let mut filter = json!({"hasAttachment": true});
        for _ in 0..60 {
            filter = json!({"operator": "NOT", "conditions": [filter]});
        }
        for (method, arguments, kind) in [
            ("Fake/get", json!({}), "unknownMethod"),
            ("Email/get", json!({"ids": "x"}), "invalidArguments"),
            ("Email/get", json!({"ids": [1]}), "invalidArguments"),
            ("Email/get", json!({"nothing": 1}), "invalidArguments"),
            ("Email/get", json!({"properties": ["nothing"]}), "invalidArguments"),
            ("Email/get", json!({"properties": ["header:From:asDate"]}), "invalidArguments"),
            ("Email/get", json!({"ids": ids}), "requestTooLarge"),
            (
                "Email/get",
                json!({"#ids": {"resultOf": "c", "name": "Email/get", "path": "/ids"}}),
                "invalidResultReference",
            ),
            ("Email/get", json!({"#ids": 1}), "invalidResultReference"),
            ("Email/get", json!({"ids": [], "#ids": {}}), "invalidArguments"),
            ("Mailbox/get", json!({"properties": ["nothing"]}), "invalidArguments"),
            ("Email/query", json!({"filter": 1}), "invalidArguments"),
            ("Email/query", json!({"filter": {"nothing": 1}}), "unsupportedFilter"),
            ("Email/query", json!({"filter": {"operator": "XOR", "conditions": []}}), "invalidArguments"),
            ("Email/query", json!({"filter": {"before": "yesterday"}}), "invalidArguments"),
            ("Email/query", json!({"filter": {"hasKeyword": "a b"}}), "invalidArguments"),
            ("Email/query", json!({"filter": filter}), "unsupportedFilter"),
            ("Email/query", json!({"sort": [{"property": "nothing"}]}), "unsupportedSort"),
            ("Email/query", json!({"sort": [{"property": "subject", "collation": "i;x"}]}), "unsupportedSort"),
            ("Email/query", json!({"sort": [{"property": "hasKeyword"}]}), "invalidArguments"),
            ("Email/query", json!({"anchor": "nothing"}), "anchorNotFound"),
            ("Email/query", json!({"limit": -1}), "invalidArguments"),
            ("Email/query", json!({"position": "1"}), "invalidArguments"),
            ("Email/changes", json!({"sinceState": "nothing"}), "cannotCalculateChanges"),
            ("Email/changes", json!({"sinceState": "0-1-0", "maxChanges": 0}), "invalidArguments"),
            ("Email/changes", json!({}), "invalidArguments"),
            ("Email/set", json!({"ifInState": "nothing"}), "stateMismatch"),
            ("Email/set", json!({"create": []}), "invalidArguments"),
            ("Email/set", json!({"destroy": ids}), "requestTooLarge"),
            ("Mailbox/set", json!({"ifInState": "nothing"}), "stateMismatch"),
            ("Mailbox/query", json!({"sort": [{"property": "nothing"}]}), "unsupportedSort"),
            ("Mailbox/query", json!({"filter": {"nothing": 1}}), "unsupportedFilter"),
            ("Mailbox/query", json!({"nothing": 1}), "invalidArguments"),
            ("Blob/get", json!({"ids": [], "properties": ["digest:md5"]}), "invalidArguments"),
            ("Blob/lookup", json!({"ids": [], "typeNames": ["Nothing"]}), "unknownDataType"),
            ("Email/copy", json!({"fromAccountId": desk.account("alice"), "create": {}}), "invalidArguments"),
            ("Email/copy", json!({"fromAccountId": desk.account("bob"), "create": {}}), "fromAccountNotFound"),
            ("Blob/copy", json!({"fromAccountId": desk.account("bob"), "blobIds": []}), "fromAccountNotFound"),
        ] {
            assert_eq!(desk.error("alice", "alice", method, arguments.clone()).await, kind, "{method} {arguments}");
        }
        for arguments in [json!({}), json!({"accountId": 1}), json!({"accountId": null})] {
            let (name, answer) = desk.calls("alice", json!([["Mailbox/get", arguments, "c"]])).await.remove(0);
            assert_eq!((name.as_str(), &answer["type"]), ("error", &json!("invalidArguments")));
        }
    })
    .await;
}

#[tokio::test]
async fn a_method_needs_its_capability() {
    with_desk(|desk| async move {
        let calls = json!([["Core/echo", {}, "a"], ["Mailbox/get", {"accountId": desk.account("alice")}, "b"]]);
        let body = json!({"using": ["urn:ietf:params:jmap:core"], "methodCalls": calls});
        let answer = desk.post("alice", body.to_string()).await.json();
        assert_eq!(answer["methodResponses"][0][0], "Core/echo");
        assert_eq!(answer["methodResponses"][1][1]["type"], "unknownMethod");
    })
    .await;
}

#[tokio::test]
async fn a_hidden_account_is_one_that_does_not_exist() {
    with_desk(|desk| async move {
        let id = desk.message("alice", "support", "Inbox", "Subject: s\r\n\r\nb").await;
        let hidden = desk.account("support");
        for account in [hidden.as_str(), "A999", "A01", "nothing", "", "A-1", "A99999999999999999999"] {
            let arguments = json!({"accountId": account, "ids": [id]});
            let (name, answer) = desk.calls("mallory", json!([["Email/get", arguments, "c"]])).await.remove(0);
            let expected = json!({"type": "accountNotFound", "description": "there is no such account"});
            assert_eq!((name.as_str(), answer), ("error", expected), "{account}");
            for path in [format!("GET /jmap/download/{account}/{id}/x"), format!("POST /jmap/upload/{account}")] {
                if !account.is_empty() {
                    let answer = desk.fetch("mallory", &path).await;
                    assert_eq!(answer.status, 404, "{path}");
                    assert_eq!(answer.json()["detail"], "there is no such account");
                }
            }
        }
        // An id of another mailbox is no id here.
        let answer = desk.call("mallory", "mallory", "Email/get", json!({"ids": [id]})).await;
        assert_eq!(answer["notFound"], json!([id]));
    })
    .await;
}

#[tokio::test]
async fn references_between_calls_work_and_do_not_explode() {
    with_desk(|desk| async move {
        let account = desk.account("alice");
        desk.message("alice", "alice", "Inbox", "Subject: s\r\n\r\nb").await;
        let answers = desk
            .calls(
                "alice",
                json!([
                    ["Email/query", {"accountId": account}, "q"],
                    ["Email/get", {"accountId": account, "#ids": {"resultOf": "q", "name": "Email/query", "path": "/ids"},
                        "properties": ["threadId"]}, "g"],
                    ["Thread/get", {"accountId": account,
                        "#ids": {"resultOf": "g", "name": "Email/get", "path": "/list/*/threadId"}}, "t"],
                ]),
            )
            .await;
        assert_eq!(answers[2].1["list"][0]["emailIds"], answers[0].1["ids"]);
        let mut calls = vec![json!(["Core/echo", {"a": "x".repeat(1000)}, "0"])];
        for call in 1..LIMITS.calls {
            let reference = json!({"resultOf": (call - 1).to_string(), "name": "Core/echo", "path": ""});
            calls.push(json!(["Core/echo", {"#a": reference, "#b": reference, "#c": reference}, call.to_string()]));
        }
        let answers = desk.calls("alice", json!(calls)).await;
        assert_eq!(answers.last().unwrap().1["type"], "invalidResultReference");
    })
    .await;
}
