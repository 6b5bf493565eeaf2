//! Shared mailboxes: exactly the rights, nothing beyond them.

use super::*;

#[tokio::test]
async fn who_sees_one_folder_sees_that_folder_and_its_mail_only() {
    with_desk(|desk| async move {
        let inbox = desk.message("alice", "support", "Inbox", "Subject: in\r\nMessage-ID: <1@x>\r\n\r\nb").await;
        let other = desk.message("alice", "support", "Junk", "Subject: out\r\nReferences: <1@x>\r\n\r\nb").await;
        let folders = desk.call("bob", "support", "Mailbox/get", json!({})).await;
        let names: Vec<&Value> = folders["list"].as_array().unwrap().iter().map(|folder| &folder["name"]).collect();
        assert_eq!(names, [&json!("Inbox")]);
        let rights = folders["list"][0]["myRights"].as_object().unwrap();
        let held: Vec<&String> =
            rights.iter().filter(|(_, held)| **held == json!(true)).map(|(name, _)| name).collect();
        assert_eq!(held, ["mayReadItems"]);
        let got =
            desk.call("bob", "support", "Email/get", json!({"ids": [inbox, other], "properties": ["threadId"]})).await;
        assert_eq!(got["notFound"], json!([other]));
        let thread = got["list"][0]["threadId"].clone();
        let threads = desk.call("bob", "support", "Thread/get", json!({"ids": [thread]})).await;
        assert_eq!(threads["list"][0]["emailIds"], json!([inbox]));
        let all = desk.call("bob", "support", "Email/query", json!({"calculateTotal": true})).await;
        assert_eq!((&all["ids"], &all["total"]), (&json!([inbox]), &json!(1)));
        // Looking for text is a right of its own: refused, not answered with nothing.
        assert_eq!(desk.error("bob", "support", "Email/query", json!({"filter": {"text": "in"}})).await, "forbidden");
        let update = json!({"update": {&inbox: {"keywords/$seen": true}}, "destroy": [inbox, other]});
        let done = desk.call("bob", "support", "Email/set", update).await;
        assert_eq!(done["notUpdated"][&inbox]["type"], "willDestroy");
        assert_eq!(done["notDestroyed"][&inbox]["type"], "forbidden");
        assert_eq!(done["notDestroyed"][&other]["type"], "notFound");
        let update = json!({"update": {&inbox: {"keywords/$seen": true}, &other: {"keywords/$seen": true}}});
        let done = desk.call("bob", "support", "Email/set", update).await;
        assert!(done["notUpdated"][&inbox]["description"].as_str().unwrap().contains("message.seen"), "{done}");
        assert_eq!(done["notUpdated"][&other]["type"], "notFound");
    })
    .await;
}

#[tokio::test]
async fn an_agent_removes_to_deleted_items_and_cannot_destroy() {
    with_desk(|desk| async move {
        let id = desk.message("alice", "support", "Inbox", "Subject: s\r\n\r\nb").await;
        let trash = desk.folder("alice", "support", "Deleted Items").await;
        let done = desk.call("alice", "support", "Email/set", json!({"destroy": [id]})).await;
        assert!(done["notDestroyed"][&id]["description"].as_str().unwrap().contains("message.purge"), "{done}");
        let update = json!({"update": {&id: {"mailboxIds": {&trash: true}}}});
        assert_eq!(desk.call("alice", "support", "Email/set", update).await["updated"], json!({&id: null}));
        let draft = desk.message("alice", "support", "Drafts", "Subject: s\r\n\r\nb").await;
        let done = desk.call("alice", "support", "Email/set", json!({"destroy": [draft]})).await;
        assert_eq!(done["destroyed"], json!([draft]), "a draft is replaced by who may edit drafts");
    })
    .await;
}

#[tokio::test]
async fn mail_is_copied_between_own_and_shared() {
    with_desk(|desk| async move {
        let id = desk.message("alice", "support", "Inbox", "Subject: s\r\n\r\nb").await;
        let inbox = desk.folder("alice", "alice", "Inbox").await;
        let create = json!({"c": {"id": id, "mailboxIds": {inbox: true}, "keywords": {"$seen": true}}, "no": {"id": "E0-0", "mailboxIds": {}}});
        let arguments = json!({"fromAccountId": desk.account("support"), "accountId": desk.account("alice"),
            "create": create, "onSuccessDestroyOriginal": true});
        let answers = desk.calls("alice", json!([["Email/copy", arguments, "c"]])).await;
        let copy = answers[0].1["created"]["c"]["id"].clone();
        assert_eq!(answers[0].1["notCreated"]["no"]["type"], "notFound");
        // Without the right to purge the original stays, and the answer says so.
        assert_eq!(answers[1].0, "Email/set");
        assert_eq!(answers[1].1["notDestroyed"][&id]["type"], "forbidden");
        let got = desk.call("alice", "alice", "Email/get", json!({"ids": [copy]})).await;
        assert_eq!(got["list"][0]["keywords"], json!({"$seen": true}));
        assert_eq!(got["list"][0]["subject"], "s");
    })
    .await;
}

#[tokio::test]
async fn entering_a_shared_mailbox_is_recorded_once_for_a_while() {
    with_desk(|desk| async move {
        for _ in 0..3 {
            desk.call("bob", "support", "Mailbox/get", json!({})).await;
        }
        let support = desk.access.org().by_name("support").unwrap().id;
        let bob = desk.access.org().by_name("bob").unwrap().id;
        let read = desk.access.store().read(move |tx| postroom_store::audit::page(tx, Some(support), None, 100));
        let rows = read.await.unwrap();
        let opened = rows.iter().filter(|row| row.action == "mailbox.open" && row.person == Some(bob));
        assert_eq!(opened.count(), 1);
    })
    .await;
}
