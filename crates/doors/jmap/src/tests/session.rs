//! The session: accounts, limits, and who may ask.

use super::*;

#[tokio::test]
async fn a_session_lists_every_mailbox_that_one_holds_a_right_on_and_no_other() {
    with_desk(|desk| async move {
        for (who, accounts) in [
            ("alice", vec!["alice", "support"]),
            ("bob", vec!["bob", "support"]),
            ("carol", vec!["carol", "support"]),
            ("mallory", vec!["mallory"]),
        ] {
            let session = desk.fetch(who, "GET /.well-known/jmap").await.json();
            let listed: Vec<&String> = session["accounts"].as_object().unwrap().keys().collect();
            let mut expected: Vec<String> = accounts.iter().map(|name| desk.account(name)).collect();
            expected.sort();
            assert_eq!(listed, expected.iter().collect::<Vec<_>>(), "{who}");
            assert_eq!(session["accounts"][desk.account(who)]["isPersonal"], true);
            assert_eq!(session["primaryAccounts"]["urn:ietf:params:jmap:mail"], desk.account(who));
            assert_eq!(session["username"], who);
        }
        let session = desk.fetch("alice", "GET /.well-known/jmap").await.json();
        let support = &session["accounts"][desk.account("support")];
        assert_eq!((&support["name"], &support["isPersonal"]), (&json!("Customer Support"), &json!(false)));
        assert_eq!(session["apiUrl"], "https://mail.example.org/jmap/api");
        let core = &session["capabilities"]["urn:ietf:params:jmap:core"];
        assert_eq!(core["maxSizeUpload"], LIMITS.upload);
        assert_eq!(core["maxObjectsInGet"], LIMITS.objects_in_get);
    })
    .await;
}

#[tokio::test]
async fn urls_are_of_the_origin_on_this_machine() {
    with_desk(|desk| async move {
        let request = Desk::request("alice", "GET /.well-known/jmap").header("host", "127.0.0.1:8443");
        let session = desk.send(request.body(Body::empty()).unwrap()).await.json();
        assert_eq!(session["apiUrl"], "https://127.0.0.1:8443/jmap/api");
    })
    .await;
}

#[tokio::test]
async fn nobody_comes_in_without_a_password_or_in_clear() {
    with_desk(|desk| async move {
        let peer = Peer { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), protected: true, tls: true };
        let none = Request::get("/.well-known/jmap").extension(peer).body(Body::empty()).unwrap();
        assert_eq!(desk.send(none).await.problem().0, 401);
        let wrong = Request::get("/.well-known/jmap").extension(peer);
        let wrong = wrong.header("authorization", format!("Basic {}", STANDARD.encode("alice:wrong")));
        let answer = desk.send(wrong.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem().0, 401);
        assert!(answer.headers.contains_key("www-authenticate"));
        let clear = Desk::request("alice", "GET /.well-known/jmap").extension(Peer { protected: false, ..peer });
        assert_eq!(desk.send(clear.body(Body::empty()).unwrap()).await.problem().0, 403);
    })
    .await;
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_gone_with_the_next_call() {
    with_desk(|desk| async move {
        let id = desk.message("alice", "support", "Inbox", "Subject: s\r\n\r\nb").await;
        let get = json!({"ids": [id]});
        desk.call("alice", "support", "Email/get", get.clone()).await;
        let before = desk.fetch("alice", "GET /.well-known/jmap").await.json()["state"].clone();
        let without = ORGANISATION.replace("members = [\"alice\"]", "members = []");
        let file = OrganisationFile::parse(&without, &|_| Some(PASSWORD.to_owned())).unwrap();
        desk.directory.apply(Actor::operator(), file, Options::default()).await.unwrap();
        assert_eq!(desk.error("alice", "support", "Email/get", get).await, "accountNotFound");
        let session = desk.fetch("alice", "GET /.well-known/jmap").await.json();
        assert!(session["accounts"].get(desk.account("support")).is_none(), "{session}");
        assert_ne!(session["state"], before);
    })
    .await;
}
