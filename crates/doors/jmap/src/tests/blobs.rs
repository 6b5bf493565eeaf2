//! Uploads and downloads.

use super::*;

#[tokio::test]
async fn an_upload_is_downloaded_whole_or_in_part_and_never_shown_as_a_page() {
    with_desk(|desk| async move {
        let answer = desk.upload("alice", "alice", "<script>0123456789").await;
        assert_eq!(answer.status, 201);
        let upload = answer.json();
        assert_eq!((&upload["type"], &upload["size"]), (&json!("text/x-test"), &json!(18)));
        let blob = upload["blobId"].as_str().unwrap();
        let line = format!("GET /jmap/download/{}/{blob}/a%22b.html?type=text/html", desk.account("alice"));
        let whole = desk.fetch("alice", &line).await;
        assert_eq!((whole.status.as_u16(), whole.text().as_str()), (200, "<script>0123456789"));
        assert_eq!(whole.headers["content-type"], "text/html");
        assert!(whole.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        let disposition = whole.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename=\"a_b.html\""), "{disposition}");
        let part = Desk::request("alice", &line).header("range", "bytes=8-11").body(Body::empty()).unwrap();
        let part = desk.send(part).await;
        assert_eq!((part.status.as_u16(), part.text().as_str()), (206, "0123"));
        assert_eq!(part.headers["content-range"], "bytes 8-11/18");
        let beyond = Desk::request("alice", &line).header("range", "bytes=18-").body(Body::empty()).unwrap();
        assert_eq!(desk.send(beyond).await.status, 416);
        let known = Desk::request("alice", &line).header("if-none-match", whole.headers["etag"].clone());
        assert_eq!(desk.send(known.body(Body::empty()).unwrap()).await.status, 304);
    })
    .await;
}

#[tokio::test]
async fn an_upload_is_its_persons_alone_until_it_is_mail() {
    with_desk(|desk| async move {
        let text = "Subject: s\r\n\r\nb";
        let blob = desk.upload("alice", "support", text).await.json()["blobId"].clone();
        let line = format!("GET /jmap/download/{}/{}/x", desk.account("support"), blob.as_str().unwrap());
        assert_eq!(desk.fetch("alice", &line).await.status, 200);
        assert_eq!(desk.fetch("bob", &line).await.status, 404);
        let id = desk.message("alice", "support", "Inbox", text).await;
        let line = format!("GET /jmap/download/{}/{id}/x", desk.account("support"));
        assert_eq!(desk.fetch("bob", &line).await.text(), text);
        let found = desk
            .call("alice", "support", "Blob/lookup", json!({"ids": [blob, id, "U99"], "typeNames": ["Email"]}))
            .await;
        assert_eq!(found["list"][0]["matchedIds"]["Email"], json!([id]), "{found}");
        assert_eq!(found["notFound"], json!(["U99"]));
        let denied = desk.upload("carol", "support", text).await;
        assert_eq!(denied.status, 201, "who may send for a mailbox may upload attachments to it");
    })
    .await;
}

#[tokio::test]
async fn blobs_are_put_together_and_copied() {
    with_desk(|desk| async move {
        let first = desk.upload("alice", "alice", "0123456789").await.json()["blobId"].clone();
        let create = json!({
            "a": {"data": [{"data:asText": "é"}, {"data:asBase64": "AAE="}, {"blobId": first, "offset": 2, "length": 3}]},
            "b": {"data": [{"blobId": first, "offset": 9, "length": 3}]},
            "c": {"data": [{"data:asBase64": "?"}]},
            "d": {"data": [{"blobId": "U99"}]},
        });
        let made = desk.call("alice", "alice", "Blob/upload", json!({ "create": create })).await;
        assert_eq!(made["created"]["a"]["size"], 7, "{made}");
        assert_eq!(made["notCreated"].as_object().unwrap().len(), 3);
        let id = made["created"]["a"]["id"].clone();
        let arguments = json!({"ids": [id, "U99"], "properties": ["data:asBase64", "data:asText", "size", "digest:sha-256"]});
        let got = desk.call("alice", "alice", "Blob/get", arguments).await;
        assert_eq!(got["list"][0]["data:asBase64"], STANDARD.encode(b"\xc3\xa9\x00\x01234"));
        assert_eq!(got["list"][0]["size"], 7);
        assert_eq!(got["notFound"], json!(["U99"]));
        let arguments = json!({"fromAccountId": desk.account("alice"), "blobIds": [id, "U99"]});
        let copied = desk.call("alice", "support", "Blob/copy", arguments).await;
        assert_eq!(copied["notCopied"]["U99"]["type"], "blobNotFound");
        let line = format!("GET /jmap/download/{}/{}/x", desk.account("support"), copied["copied"][id.as_str().unwrap()].as_str().unwrap());
        assert_eq!(desk.fetch("alice", &line).await.body, b"\xc3\xa9\x00\x01234");
    })
    .await;
}
