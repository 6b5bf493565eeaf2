//! Emails through JMAP.

use super::*;

fn numbered(n: usize, more: &str) -> String {
    format!("From: a{n}@example.org\r\nSubject: subject {n}\r\nMessage-ID: <{n}@x>\r\n{more}\r\nbody {n} needle{n}\r\n")
}

#[tokio::test]
async fn lists_are_paged_folded_and_found_again() {
    with_desk(|desk| async move {
        let mut ids = Vec::new();
        for n in 0..6 {
            let more = if n == 4 { "References: <1@x>\r\n" } else { "" };
            ids.push(desk.message("alice", "alice", "Inbox", &numbered(n, more)).await);
        }
        let inbox = desk.folder("alice", "alice", "Inbox").await;
        ids.reverse();
        let query = |more: Value| {
            let mut arguments = json!({"filter": {"inMailbox": inbox}});
            arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            arguments
        };
        let all = desk.call("alice", "alice", "Email/query", query(json!({"calculateTotal": true}))).await;
        assert_eq!((&all["ids"], &all["total"]), (&json!(ids), &json!(6)));
        let page = desk.call("alice", "alice", "Email/query", query(json!({"position": 2, "limit": 2}))).await;
        assert_eq!((&page["ids"], &page["position"]), (&json!(ids[2..4]), &json!(2)));
        let last = desk.call("alice", "alice", "Email/query", query(json!({"position": -1}))).await;
        assert_eq!((&last["ids"], &last["position"]), (&json!([ids[5]]), &json!(5)));
        let near = json!({"anchor": ids[3], "anchorOffset": -1, "limit": 2});
        assert_eq!(desk.call("alice", "alice", "Email/query", query(near)).await["ids"], json!(ids[2..4]));
        let folded = desk.call("alice", "alice", "Email/query", query(json!({"collapseThreads": true}))).await;
        // 4 stands for 1 and itself.
        let expected: Vec<&String> = [0, 1, 2, 3, 5].iter().map(|at| &ids[*at]).collect();
        assert_eq!(folded["ids"], json!(expected));
        let ascending = json!({"sort": [{"property": "receivedAt"}], "collapseThreads": true});
        let ascending = desk.call("alice", "alice", "Email/query", query(ascending)).await;
        let expected: Vec<&String> = [5, 4, 3, 2, 0].iter().map(|at| &ids[*at]).collect();
        assert_eq!(ascending["ids"], json!(expected));
        let text = json!({"filter": {"operator": "AND", "conditions": [{"inMailbox": inbox}, {"text": "needle3"}]}});
        assert_eq!(desk.call("alice", "alice", "Email/query", text).await["ids"], json!([ids[2]]));
        let not =
            json!({"filter": {"operator": "NOT", "conditions": [{"body": "needle3"}, {"subject": "\"subject 0\""}]}});
        assert_eq!(desk.call("alice", "alice", "Email/query", not).await["ids"].as_array().unwrap().len(), 4);
    })
    .await;
}

#[tokio::test]
async fn what_is_made_is_read_back() {
    with_desk(|desk| async move {
        let drafts = desk.folder("alice", "alice", "Drafts").await;
        let blob = desk.upload("alice", "alice", "attached bytes").await.json()["blobId"].clone();
        let email = json!({
            "mailboxIds": {drafts.clone(): true},
            "keywords": {"$draft": true, "own": true},
            "receivedAt": "2020-01-02T03:04:05Z",
            "from": [{"name": "Alice", "email": "alice@example.org"}],
            "to": [{"name": null, "email": "bob@example.org"}],
            "subject": "Grüße",
            "textBody": [{"partId": "t", "type": "text/plain"}],
            "attachments": [{"blobId": blob, "type": "text/x-test", "name": "n.txt"}],
            "bodyValues": {"t": {"value": "Hallo Welt, ein langer Text"}},
        });
        let create = json!({"good": email, "nowhere": {"mailboxIds": {}}, "lost": {"mailboxIds": {"F1-99": true}},
            "blob": {"mailboxIds": {drafts.clone(): true}, "bodyStructure": {"blobId": "U99", "type": "text/plain"}}});
        let done = desk.call("alice", "alice", "Email/set", json!({ "create": create })).await;
        assert_eq!(done["notCreated"]["nowhere"]["properties"], json!(["mailboxIds"]));
        assert_eq!(done["notCreated"]["lost"]["type"], "invalidProperties");
        assert_eq!(done["notCreated"]["blob"]["notFound"], json!(["U99"]), "{done}");
        let id = done["created"]["good"]["id"].clone();
        let arguments = json!({"ids": [id], "fetchTextBodyValues": true, "maxBodyValueBytes": 5});
        let got = desk.call("alice", "alice", "Email/get", arguments).await["list"][0].clone();
        assert_eq!(got["subject"], "Grüße");
        assert_eq!(got["keywords"], json!({"$draft": true, "own": true}));
        assert_eq!(got["mailboxIds"], json!({drafts: true}));
        assert_eq!(got["receivedAt"], "2020-01-02T03:04:05Z");
        assert_eq!(got["hasAttachment"], true);
        assert_eq!((&got["sender"], &got["replyTo"]), (&Value::Null, &Value::Null));
        let part = got["textBody"][0]["partId"].as_str().unwrap();
        let value = json!({"value": "Hallo", "isEncodingProblem": false, "isTruncated": true});
        assert_eq!(got["bodyValues"][part], value);
        let attachment = &got["attachments"][0];
        assert_eq!((&attachment["name"], &attachment["size"]), (&json!("n.txt"), &json!(14)));
        let line =
            format!("GET /jmap/download/{}/{}/n.txt", desk.account("alice"), attachment["blobId"].as_str().unwrap());
        assert_eq!(desk.fetch("alice", &line).await.text(), "attached bytes");
    })
    .await;
}

#[tokio::test]
async fn patches_move_and_mark_and_what_is_wrong_leaves_no_trace() {
    with_desk(|desk| async move {
        let id = desk.message("alice", "alice", "Inbox", &numbered(1, "")).await;
        let (inbox, junk) = (desk.folder("alice", "alice", "Inbox").await, desk.folder("alice", "alice", "Junk").await);
        let state = desk.call("alice", "alice", "Email/get", json!({"ids": []})).await["state"].clone();
        for (patch, kind) in [
            (json!({"keywords/$seen": "yes"}), "invalidProperties"),
            (json!({"keywords/a b": true}), "invalidProperties"),
            (json!({"subject": "other"}), "invalidProperties"),
            (json!({"keywords": {}, "keywords/$seen": true}), "invalidPatch"),
            (json!({format!("mailboxIds/{inbox}"): null}), "invalidProperties"),
            (json!({"mailboxIds": {"F1-99": true}}), "invalidProperties"),
        ] {
            let done = desk.call("alice", "alice", "Email/set", json!({"update": {&id: patch}})).await;
            assert_eq!(done["notUpdated"][&id]["type"], kind, "{patch} {done}");
        }
        let same = desk.call("alice", "alice", "Email/changes", json!({ "sinceState": state })).await;
        assert_eq!(same["newState"], state);
        let patch = json!({"keywords/$seen": true, "keywords/Own": true, format!("mailboxIds/{junk}"): true, format!("mailboxIds/{inbox}"): null});
        let done = desk.call("alice", "alice", "Email/set", json!({"update": {&id: patch}, "ifInState": state})).await;
        assert_eq!(done["updated"], json!({&id: null}));
        let got = desk.call("alice", "alice", "Email/get", json!({"ids": [id], "properties": ["keywords", "mailboxIds"]})).await;
        assert_eq!(got["list"][0]["keywords"], json!({"$seen": true, "own": true}));
        assert_eq!(got["list"][0]["mailboxIds"], json!({junk: true}));
        assert_eq!(desk.error("alice", "alice", "Email/set", json!({"ifInState": state, "destroy": [id]})).await, "stateMismatch");
        let both = json!({"update": {&id: {}}, "destroy": [id, id, "E0-0"]});
        let done = desk.call("alice", "alice", "Email/set", both).await;
        assert_eq!(done["notUpdated"][&id]["type"], "willDestroy");
        assert_eq!(done["destroyed"], json!([id]));
        assert_eq!(done["notDestroyed"]["E0-0"]["type"], "notFound");
    })
    .await;
}

#[tokio::test]
async fn a_changed_query_is_told_exactly() {
    with_desk(|desk| async move {
        let (a, b) = (
            desk.message("alice", "alice", "Inbox", &numbered(1, "")).await,
            desk.message("alice", "alice", "Inbox", &numbered(2, "")).await,
        );
        let query = json!({"filter": {"notKeyword": "$seen"}, "collapseThreads": true});
        let since = desk.call("alice", "alice", "Email/query", query.clone()).await["queryState"].clone();
        desk.call("alice", "alice", "Email/set", json!({"update": {&a: {"keywords/$seen": true}}})).await;
        let c = desk.message("alice", "alice", "Inbox", &numbered(3, "References: <2@x>\r\n")).await;
        let mut arguments = query;
        arguments["sinceQueryState"] = since;
        let changed = desk.call("alice", "alice", "Email/queryChanges", arguments.clone()).await;
        assert_eq!(changed["added"], json!([{"id": c, "index": 0}]));
        assert_eq!(changed["removed"], json!([a, b]));
        arguments["maxChanges"] = json!(1);
        assert_eq!(desk.error("alice", "alice", "Email/queryChanges", arguments).await, "tooManyChanges");
    })
    .await;
}

#[tokio::test]
async fn snippets_show_where_words_stand() {
    with_desk(|desk| async move {
        let text = "Subject: a needle <b>\r\n\r\nhay hay needle & hay\r\n";
        let id = desk.message("alice", "alice", "Inbox", text).await;
        let arguments = json!({"emailIds": [id, "E0-0"], "filter": {"text": "needle"}});
        let found = desk.call("alice", "alice", "SearchSnippet/get", arguments).await;
        let expected = json!({"emailId": id, "subject": "a <mark>needle</mark> &lt;b&gt;", "preview": "hay hay <mark>needle</mark> &amp; hay"});
        assert_eq!(found["list"], json!([expected]));
        assert_eq!(found["notFound"], json!(["E0-0"]));
    })
    .await;
}
