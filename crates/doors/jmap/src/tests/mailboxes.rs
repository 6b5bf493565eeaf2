//! Folders through JMAP.

use super::*;

#[tokio::test]
async fn folders_are_made_changed_and_destroyed_in_one_call_each() {
    with_desk(|desk| async move {
        let create = json!({"b": {"name": "Below", "parentId": "#a"}, "a": {"name": "Above", "sortOrder": 7},
            "inbox": {"name": "INBOX"}, "bad": {"name": "a/b"}, "none": {}});
        let done = desk.call("alice", "alice", "Mailbox/set", json!({ "create": create })).await;
        let (above, below) = (done["created"]["a"]["id"].clone(), done["created"]["b"]["id"].clone());
        assert_eq!(done["notCreated"]["inbox"]["type"], "alreadyExists", "{done}");
        assert_eq!(done["notCreated"]["bad"]["properties"], json!(["name"]));
        assert_eq!(done["notCreated"]["none"]["properties"], json!(["name"]));
        let got = desk.call("alice", "alice", "Mailbox/get", json!({"ids": [below, above]})).await;
        assert_eq!(got["list"][0]["parentId"], above);
        assert_eq!(got["list"][1]["sortOrder"], 7);
        let update = json!({above.as_str().unwrap(): {"parentId": below}, below.as_str().unwrap(): {"name": "Renamed", "isSubscribed": false}});
        let done = desk.call("alice", "alice", "Mailbox/set", json!({ "update": update })).await;
        assert_eq!(done["notUpdated"][above.as_str().unwrap()]["properties"], json!(["parentId"]), "{done}");
        let changed = desk.call("alice", "alice", "Mailbox/changes", json!({"sinceState": done["oldState"]})).await;
        assert_eq!(changed["updated"], json!([below]));
        assert_eq!(changed["updatedProperties"], Value::Null);
        let got = desk.call("alice", "alice", "Mailbox/get", json!({"ids": [below]})).await;
        assert_eq!((&got["list"][0]["name"], &got["list"][0]["isSubscribed"]), (&json!("Renamed"), &json!(false)));
        let inbox = desk.folder("alice", "alice", "Inbox").await;
        let done = desk.call("alice", "alice", "Mailbox/set", json!({"destroy": [above, inbox]})).await;
        assert_eq!(done["notDestroyed"][above.as_str().unwrap()]["type"], "mailboxHasChild");
        assert_eq!(done["notDestroyed"][&inbox]["type"], "forbidden");
        let done = desk.call("alice", "alice", "Mailbox/set", json!({"destroy": [above, below]})).await;
        assert_eq!(done["destroyed"].as_array().unwrap().len(), 2, "{done}");
    })
    .await;
}

#[tokio::test]
async fn a_folder_with_mail_goes_only_if_its_mail_may() {
    with_desk(|desk| async move {
        let done = desk.call("alice", "alice", "Mailbox/set", json!({"create": {"a": {"name": "Full"}}})).await;
        let folder = done["created"]["a"]["id"].clone();
        let id = desk.message("alice", "alice", "Full", "Subject: s\r\n\r\nb").await;
        let done = desk.call("alice", "alice", "Mailbox/set", json!({"destroy": [folder]})).await;
        assert_eq!(done["notDestroyed"][folder.as_str().unwrap()]["type"], "mailboxHasEmail");
        let arguments = json!({"destroy": [folder], "onDestroyRemoveEmails": true});
        let done = desk.call("alice", "alice", "Mailbox/set", arguments).await;
        assert_eq!(done["destroyed"], json!([folder]));
        assert_eq!(desk.call("alice", "alice", "Email/get", json!({"ids": [id]})).await["notFound"], json!([id]));
    })
    .await;
}

#[tokio::test]
async fn counts_alone_say_so() {
    with_desk(|desk| async move {
        let inbox = desk.folder("alice", "alice", "Inbox").await;
        let state = desk.call("alice", "alice", "Mailbox/get", json!({"ids": []})).await["state"].clone();
        desk.message("alice", "alice", "Inbox", "Subject: s\r\n\r\nb").await;
        let changed = desk.call("alice", "alice", "Mailbox/changes", json!({ "sinceState": state })).await;
        assert_eq!(changed["updated"], json!([inbox]));
        assert_eq!(changed["updatedProperties"].as_array().unwrap().len(), 4);
        let got = desk.call("alice", "alice", "Mailbox/get", json!({"ids": [inbox]})).await["list"][0].clone();
        let counts = ["totalEmails", "unreadEmails", "totalThreads", "unreadThreads"].map(|name| got[name].clone());
        assert_eq!(counts, [1, 1, 1, 1].map(|n| json!(n)));
    })
    .await;
}

#[tokio::test]
async fn queries_filter_and_sort_as_a_tree() {
    with_desk(|desk| async move {
        let create = json!({"z": {"name": "Z"}, "y": {"name": "Y", "parentId": "#z"}, "x": {"name": "X"}});
        let made = desk.call("alice", "alice", "Mailbox/set", json!({ "create": create })).await["created"].clone();
        let [x, y, z] = ["x", "y", "z"].map(|key| made[key]["id"].clone());
        let by_name = json!([{"property": "name"}]);
        let arguments = json!({"filter": {"hasAnyRole": false, "name": ""}, "sort": by_name, "sortAsTree": true});
        let found = desk.call("alice", "alice", "Mailbox/query", arguments.clone()).await;
        let own: Vec<&Value> = found["ids"].as_array().unwrap().iter().filter(|id| [&x, &y, &z].contains(id)).collect();
        assert_eq!(own, [&x, &z, &y]);
        let arguments = json!({"filter": {"parentId": z}, "calculateTotal": true});
        let found = desk.call("alice", "alice", "Mailbox/query", arguments.clone()).await;
        assert_eq!((&found["ids"], &found["total"]), (&json!([y]), &json!(1)));
        let since = found["queryState"].clone();
        let update = json!({"update": {x.as_str().unwrap(): {"parentId": z}}});
        desk.call("alice", "alice", "Mailbox/set", update).await;
        let arguments = json!({"filter": {"parentId": z}, "sinceQueryState": since});
        let changed = desk.call("alice", "alice", "Mailbox/queryChanges", arguments).await;
        assert_eq!(changed["added"], json!([{"id": x, "index": 0}]), "{changed}");
    })
    .await;
}
