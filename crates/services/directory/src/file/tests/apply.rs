//! Applying: what changes, what is refused whole, what stays, what is pruned.

use super::{EXAMPLE, parse};
use crate::file::{ApplyError, Difference, Options, Report};
use crate::tests::{Desk, OPERATOR, names, on_desks, person};
use crate::{NewShared, NotAllowed, SetGrant, UpdateMailbox};
use postroom_model::{
    FolderName, Grantee, MailboxId, MailboxKind, Origin, Privilege, Right, RightSet, SeenMode, SpecialUse, Time,
};
use postroom_store::changes::Log;
use postroom_store::emails::{FileError, NewEmail, Source};
use postroom_store::{NewSummary, Scope, emails, folders};

const NOTHING: Options = Options { dry_run: false, prune: false, set_passwords: false };
const PRUNE: Options = Options { dry_run: false, prune: true, set_passwords: false };

#[tokio::test]
async fn routes_become_exact_and_keep_their_passwords() {
    on_desks(|desk| async move {
        desk.applied(EXAMPLE, NOTHING).await;
        let ways = |desk: &Desk| -> Vec<String> {
            let org = desk.directory.org();
            let words = |route| crate::routes::applies_in_words(&org, route);
            org.routes
                .iter()
                .map(|route| format!("{}: {}", words(route), crate::routes::in_words(&route.via)))
                .collect()
        };
        let host = "from example.net: smart host relay.example.net:2587 as postroom (starttls)";
        assert_eq!(ways(&desk), ["exception 1: from support to .partner.example: direct", host]);
        assert!(desk.applied(EXAMPLE, NOTHING).await.difference.is_empty(), "the same password is no difference");
        // Without the variable the password stays; with another host it is missing.
        let kept = EXAMPLE.replace("password_env = \"SET_RELAY\"\n", "");
        desk.applied(&kept, NOTHING).await;
        let other = kept.replace("relay.example.net", "other.example.net");
        let refused = desk.apply(&other, NOTHING).await.expect_err("no password");
        assert!(refused.to_string().contains("signing in at other.example.net needs password_env"), "{refused}");
        // The password is another one now.
        let changed = EXAMPLE.replace("SET_RELAY", "SET_OTHER");
        assert!(!desk.applied(&changed, NOTHING).await.difference.is_empty());
        let nobody = EXAMPLE.replace("sender = \"support\"", "sender = \"nobody\"");
        let refused = desk.apply(&nobody, NOTHING).await.expect_err("nobody");
        assert!(refused.to_string().contains("there is no mailbox nobody"), "{refused}");
        // A domain that the file names without a route goes direct; exceptions that it does not name stay.
        let at = EXAMPLE.find("[domain.route]").expect("there");
        let end = EXAMPLE.find("[plan]").expect("there");
        let without = format!("{}{}", &EXAMPLE[..at], &EXAMPLE[end..]);
        let report = desk.applied(&without, NOTHING).await;
        let text = report.difference.to_string();
        assert!(text.contains("routes:\n  ~ example.net: smart host") && text.contains("-> direct"), "{text}");
        assert!(text.contains("exceptions from routes: from support to .partner.example direct"), "{text}");
        assert_eq!(ways(&desk), ["exception 1: from support to .partner.example: direct"]);
        desk.applied(&without, PRUNE).await;
        assert!(ways(&desk).is_empty());
    })
    .await;
}

impl Desk {
    async fn apply(&self, text: &str, options: Options) -> Result<Report, ApplyError> {
        self.directory.apply(OPERATOR, parse(text).expect("a file that is right"), options).await
    }

    async fn applied(&self, text: &str, options: Options) -> Report {
        self.apply(text, options).await.unwrap_or_else(|error| panic!("{error}"))
    }

    fn id(&self, name: &str) -> MailboxId {
        self.directory.org().by_name(name).expect("there").id
    }

    /// Files a message, so that the mailbox holds mail.
    async fn mail(&self, name: &str) {
        let (store, mailbox) = (self.directory.access().store(), self.id(name));
        let content = store.prepare(b"Subject: x\r\n\r\ny", NewSummary::default()).expect("prepared");
        let filed: Result<(), FileError> = store
            .write(Scope::mailbox(mailbox), move |tx| {
                let inbox = folders::by_special_use(tx, mailbox, SpecialUse::Inbox)?.expect("an inbox").id;
                let mut log = Log::begin(tx, mailbox, Time(0))?;
                let (flags, content) = (postroom_model::Flags::NONE, Source::New(&content));
                let new = NewEmail { folder: inbox, content, received_at: Time(0), flags, keywords: "" };
                emails::file(tx, &mut log, &new, None)?;
                log.end(tx)?;
                Ok(())
            })
            .await;
        filed.expect("filed");
    }

    async fn folder(&self, name: &str, folder: &'static str) {
        let mailbox = self.id(name);
        let made: Result<(), postroom_store::StoreError> = self
            .directory
            .access()
            .store()
            .write(Scope::mailbox(mailbox), move |tx| {
                let mut log = Log::begin(tx, mailbox, Time(0))?;
                let mut parent = None;
                for level in FolderName::parse_path(folder).expect("a path") {
                    parent = Some(folders::create(tx, &mut log, parent, &level)?);
                }
                log.end(tx)?;
                Ok(())
            })
            .await;
        made.expect("made");
    }
}

fn texts(difference: &Difference) -> Vec<String> {
    difference.lines.iter().map(|line| format!("{} {}", line.sign.as_char(), line.text)).collect()
}

#[tokio::test]
async fn the_example_is_applied_once() {
    on_desks(|desk| async move {
        let before = desk.directory.org().version;
        let dry = desk.applied(EXAMPLE, Options { dry_run: true, ..NOTHING }).await;
        assert_eq!(desk.directory.org().version, before, "a dry run changes nothing");
        let first = desk.applied(EXAMPLE, NOTHING).await;
        assert_eq!(dry.difference, first.difference);
        assert_eq!(
            texts(&first.difference),
            [
                "~ no limit of shared mailboxes -> 1 shared mailboxes included, 2 at most",
                "+ example.net",
                "~ example.net: direct -> smart host relay.example.net:2587 as postroom (starttls)",
                "~ exceptions: none -> from support to .partner.example direct",
                "+ user alice (Alice Ng): alice@example.org, admin",
                "+ user bob (bob): bob@example.org",
                "+ user carol (carol), without a password",
                "+ shared mailbox support (Customer Support): support@example.org, help@example.org",
                "+ imap support at mail.example.net into support: port 993, tls, move to Archive",
                "+ pop3 support@example.org at outlook.office365.com into support: port 110, starttls, delete, tokens from \
                 https://login.microsoftonline.com/example.org/oauth2/v2.0/token for the-client (ClientCredentials), off",
                "~ role Administrators: members +bob",
                "+ role Mailbox - Support: alice, bob",
                "+ role Mailbox - Support on support: folder.view, message.read, message.search, message.seen, \
                 message.flag, message.add, message.edit, message.delete, folder.create, attachment.add, send.as, automap off",
                "+ user carol on support, folder Inbox: folder.view, message.read",
                "+ user carol on support, folder Sent Items: folder.view, message.read",
            ]
        );
        let second = desk.applied(EXAMPLE, NOTHING).await;
        assert!(second.difference.is_empty() && second.notes.is_empty(), "{}", second.difference);
        let org = desk.directory.org();
        let support = org.by_name("support").expect("there");
        assert_eq!((support.seen, support.quota, support.addresses.len()), (SeenMode::Personal, Some(1_000_000), 2));
        assert_eq!(org.privilege(desk.id("bob")), Privilege::Admin, "by the role Administrators");
        for (login, password) in [("alice", "SET_ALICE"), ("bob@example.org", "SET_BOB")] {
            assert!(desk.sign_in(login, password).await.is_ok(), "{login}");
        }
        assert!(desk.sign_in("carol", "").await.is_err());
        assert!(desk.sign_in("support", "SET_BOB").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn what_the_file_names_becomes_exact() {
    on_desks(|desk| async move {
        desk.applied(EXAMPLE, NOTHING).await;
        let text = EXAMPLE
            .replace("members = [\"alice\", \"bob\"]", "members = [\"bob\", \"carol\"]")
            .replace(
                "addresses = [\"support@example.org\", \"help@example.org\"]",
                "addresses = [\"help@example.org\"]",
            )
            .replace("addresses = [\"bob@example.org\"]", "addresses = [\"bob@example.org\", \"support@example.org\"]")
            .replace("privilege = \"admin\"", "")
            .replace("folders = [\"inbox\", \"Sent Items\"]", "folders = [\"INBOX\"]")
            .replace("\"preset:agent\", \"folder.create\"", "\"preset:agent\"")
            .replace("Customer Support", "Help")
            .replace("quota = 1000000", "");
        let report = desk.applied(&text, NOTHING).await;
        assert_eq!(
            texts(&report.difference),
            [
                "~ user alice: privilege admin -> user",
                "~ user bob: addresses bob@example.org -> bob@example.org, support@example.org",
                "~ shared mailbox support: display_name Customer Support -> Help",
                "~ shared mailbox support: addresses support@example.org, help@example.org -> help@example.org",
                "~ shared mailbox support: quota 1000000 -> no limit",
                "~ role Mailbox - Support: members +carol -alice",
                "~ role Mailbox - Support on support: -folder.create",
                "- user carol on support, folder Sent Items: folder.view, message.read",
            ]
        );
        assert!(desk.applied(&text, NOTHING).await.difference.is_empty());
        assert_eq!(desk.directory.org().by_label("Help").map(|it| it.id), Some(desk.id("support")));
        let record = desk.record().await;
        assert!(record.iter().any(|line| line == "role.members done"), "{record:?}");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_does_not_fit_changes_nothing() {
    on_desks(|desk| async move {
        desk.applied(EXAMPLE, NOTHING).await;
        let new = NewShared { names: names("other"), ..NewShared::default() };
        desk.directory.create_shared(OPERATOR, new).await.expect("made elsewhere");
        let version = desk.directory.org().version;
        let start = "[[user]]\nname = \"new\"\n";
        let cases = [
            ("addresses = [\"n@elsewhere.example\"]", "line 3: the domain of n@elsewhere.example is not configured"),
            ("addresses = [\"other@example.org\"]", "line 3: the address other@example.org belongs to other"),
            ("[[role]]\nid = \"X\"\nmembers = [\"nobody\"]", "line 5: the role X has the member nobody, who does not exist"),
            ("[[role]]\nid = \"X\"\nmembers = [\"support\"]", "line 5: support is no user"),
            ("[[role]]\nid = \"X\"\n[[role.grant]]\nmailbox = \"nowhere\"\nrights = [\"send.as\"]", "line 6: there is no mailbox nowhere"),
            ("[[grant]]\nuser = \"nobody\"\nmailbox = \"support\"\nrights = [\"send.as\"]", "line 4: there is no user nobody"),
            ("[[grant]]\nuser = \"support\"\nmailbox = \"bob\"\nrights = [\"send.as\"]", "line 4: support is no user"),
            (
                "[[grant]]\nuser = \"new\"\nmailbox = \"support\"\nrights = [\"message.read\"]\nfolders = [\"Inbox\", \"Nowhere\"]",
                "line 7: there is no folder Nowhere in support",
            ),
            (
                "[[grant]]\nuser = \"new\"\nmailbox = \"bob\"\nrights = [\"message.read\"]\nfolders = [\"Inbox\", \"INBOX\"]",
                "line 7: the grant to user new on bob, folder Inbox is given twice",
            ),
            ("[[shared_mailbox]]\nname = \"third\"", "line 4: the plan allows 2 shared mailboxes at most; this makes 3"),
        ];
        for (rest, expected) in cases {
            let refused = desk.apply(&format!("{start}{rest}\n"), NOTHING).await.expect_err(expected).to_string();
            assert!(refused.contains(expected), "{refused}");
        }
        let org = desk.directory.org();
        assert!(org.version == version && org.by_name("new").is_none());
    })
    .await;
}

#[tokio::test]
async fn what_was_made_elsewhere_is_listed_and_not_touched() {
    on_desks(|desk| async move {
        desk.applied(EXAMPLE, NOTHING).await;
        let bob = desk.id("bob");
        desk.user("dora").await;
        desk.grant(desk.id("support"), bob, RightSet::NONE.with(Right::MessagePurge)).await;
        let smaller = "[[user]]\nname = \"bob\"\naddresses = [\"bob@example.org\"]\n";
        let report = desk.applied(smaller, NOTHING).await;
        assert!(report.difference.is_empty(), "{}", report.difference);
        let listed = report.difference.not_in_file.join("\n");
        for expected in [
            "user alice",
            "user dora",
            "shared mailbox support",
            "role Mailbox - Support",
            "domain example.org",
            "the plan: ",
            "grant to user bob on support: message.purge (made by an administrator)",
            "grant to role Mailbox - Support on support",
        ] {
            assert!(listed.contains(expected), "{listed}");
        }
        // The grant from the file ends when the file speaks of one of its ends and no longer of it.
        let report = desk.applied("[[user]]\nname = \"carol\"\n", NOTHING).await;
        assert_eq!(report.difference.lines.len(), 2, "{}", report.difference);
        assert_eq!(desk.directory.org().grants_on(desk.id("support")).len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_grant_named_as_it_is_becomes_the_files() {
    on_desks(|desk| async move {
        let (ana, team) = (desk.user("ana").await, desk.shared("team").await);
        desk.grant(team, ana, RightSet::NONE.with(Right::MessageRead)).await;
        let text = "[[user]]\nname = \"ana\"\naddresses = [\"ana@example.org\"]\n";
        let grant = "[[grant]]\nuser = \"ana\"\nmailbox = \"team\"\nrights = [\"message.read\"]\n";
        let report = desk.applied(&format!("{text}{grant}"), NOTHING).await;
        assert!(report.difference.is_empty() && report.notes[0].starts_with("1 grants made elsewhere"), "{report:?}");
        assert_eq!(desk.directory.org().grants_on(team)[0].origin, Origin::File);
        let report = desk.applied(text, NOTHING).await;
        assert_eq!(texts(&report.difference), ["- user ana on team: message.read"]);
    })
    .await;
}

#[tokio::test]
async fn pruning_takes_access_and_never_mail() {
    on_desks(|desk| async move {
        desk.applied(EXAMPLE, NOTHING).await;
        let wanted = SetGrant {
            mailbox: desk.id("alice"),
            grantee: Grantee::Person(desk.id("bob")),
            folder: None,
            rights: RightSet::NONE.with(Right::MessageRead),
            automap: true,
            origin: Origin::Acl,
        };
        desk.directory.set_grant(person(desk.id("alice")), wanted).await.expect("shared by its owner");
        desk.mail("bob").await;
        desk.mail("support").await;
        let session = desk.sign_in("bob", "SET_BOB").await.expect("in");
        let alice = "[[domain]]\nname = \"example.org\"\n[[user]]\nname = \"alice\"\naddresses = [\"alice@example.org\"]\ndisplay_name = \"Alice Ng\"\n";
        let report = desk.applied(alice, PRUNE).await;
        let text = report.difference.to_string();
        for expected in [
            "- user bob: its sign-in, roles and grants; its 1 messages and addresses stay",
            "- user carol: deleted, it holds no mail",
            "- role Mailbox - Support and its grants",
            "- role Administrators: all its members",
            "- user bob on alice: message.read",
            "shared mailbox support: no access any more; its 1 messages stay",
        ] {
            assert!(text.contains(expected), "{text}");
        }
        let org = desk.directory.org();
        assert!(!desk.directory.still_valid(&session).await && desk.sign_in("bob", "SET_BOB").await.is_err());
        assert!(org.by_name("carol").is_none() && org.by_name("support").is_some() && org.grants().next().is_none());
        assert_eq!(org.mailbox(desk.id("bob")).map(|it| it.addresses.len()), Some(1));
        let again = desk.applied(alice, PRUNE).await;
        assert!(again.difference.is_empty(), "{}", again.difference);
        let refused = format!("{alice}[[role]]\nid = \"X\"\nmembers = [\"bob\"]\n");
        let refused = desk.apply(&refused, PRUNE).await.expect_err("bob goes").to_string();
        assert!(refused.contains("the member bob"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn passwords_are_set_where_there_is_none() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let text = "[[user]]\nname = \"ana\"\naddresses = [\"ana@example.org\"]\npassword_env = \"SET_NEW\"\n";
        assert!(desk.applied(text, NOTHING).await.difference.is_empty());
        assert!(desk.sign_in("ana", "ana").await.is_ok());
        let reset = Options { set_passwords: true, ..NOTHING };
        let report = desk.applied(text, reset).await;
        assert_eq!(texts(&report.difference), ["~ user ana: password set again; its sessions end"]);
        assert!(desk.sign_in("ana", "ana").await.is_err() && desk.sign_in("ana", "SET_NEW").await.is_ok());
        assert!(desk.applied(text, reset).await.difference.is_empty(), "it is the same one");
        desk.directory.remove_password(OPERATOR, ana).await.expect("removed");
        assert_eq!(texts(&desk.applied(text, NOTHING).await.difference), ["~ user ana: password set"]);
        assert!(desk.sign_in("ana", "SET_NEW").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_password_hash_opens_also_by_scram_after_the_first_time() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        let export = desk.directory.export(OPERATOR).await.expect("exported");
        let hash = export.lines().find_map(|line| line.strip_prefix("password_hash = ")).expect("a hash");
        let text = format!("[[user]]\nname = \"bo\"\npassword_hash = {hash}\n");
        desk.applied(&text, NOTHING).await;
        assert!(desk.scram("bo", "ana").await.is_err(), "never seen in clear");
        let session = desk.sign_in("bo", "ana").await.expect("in");
        assert!(desk.scram("bo", "ana").await.is_ok());
        assert!(desk.directory.still_valid(&session).await, "an addition ends nothing");
    })
    .await;
}

#[tokio::test]
async fn a_file_converts_what_it_calls_by_another_kind() {
    on_desks(|desk| async move {
        desk.applied(EXAMPLE, NOTHING).await;
        let session = desk.sign_in("bob", "SET_BOB").await.expect("in");
        let id = desk.id("bob");
        let text = "[[shared_mailbox]]\nname = \"bob\"\naddresses = [\"bob@example.org\"]\n";
        let report = desk.applied(text, NOTHING).await;
        assert!(
            texts(&report.difference)[0].starts_with("~ shared mailbox bob: was a user; its credentials"),
            "{}",
            report.difference
        );
        assert_eq!(report.warnings, ["there are 2 shared mailboxes: the plan includes 1 and allows 2 at most"]);
        let org = desk.directory.org();
        assert_eq!(org.mailbox(id).map(|it| it.kind), Some(MailboxKind::Shared));
        assert!(org.roles().all(|role| !role.members.contains(&id)));
        assert!(!desk.directory.still_valid(&session).await);
        assert!(desk.applied(text, NOTHING).await.difference.is_empty());
    })
    .await;
}

#[tokio::test]
async fn own_folders_are_named_by_path() {
    on_desks(|desk| async move {
        desk.user("ana").await;
        desk.shared("team").await;
        desk.folder("team", "Projects/North").await;
        desk.folder("ana", "x").await;
        let text = "[[grant]]\nuser = \"ana\"\nmailbox = \"team\"\nrights = [\"message.read\"]\nfolders = [\"Projects/North\"]\n";
        let report = desk.applied(text, NOTHING).await;
        assert_eq!(texts(&report.difference), ["+ user ana on team, folder Projects/North: message.read"]);
        let wrong = text.replace("Projects/North", "projects/North");
        assert!(desk.apply(&wrong, NOTHING).await.is_err(), "only special-use folders are named in any case");
        let export = desk.directory.export(OPERATOR).await.expect("exported");
        assert!(export.contains("folders = [\"Projects/North\"]"), "{export}");
        let again = desk.applied(&export, NOTHING).await;
        assert!(again.difference.is_empty(), "{}", again.difference);
    })
    .await;
}

#[tokio::test]
async fn only_administrators_apply_and_export() {
    on_desks(|desk| async move {
        let ana = desk.user("ana").await;
        let refused = desk.directory.apply(person(ana), parse("").expect("right"), NOTHING).await;
        assert!(matches!(refused, Err(ApplyError::NotAllowed(NotAllowed::NotAdmin))));
        assert!(desk.directory.export(person(ana)).await.is_err());
        let update = UpdateMailbox { privilege: Some(Privilege::Admin), ..UpdateMailbox::default() };
        desk.directory.update_mailbox(OPERATOR, ana, update).await.expect("an administrator");
        assert!(desk.directory.export(person(ana)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn inbound_services_become_exact_and_keep_their_secrets() {
    use crate::{AccountSecret, NewInbound, Secret, secret_row};
    on_desks(|desk| async move {
        desk.applied(EXAMPLE, NOTHING).await;
        let support = desk.id("support");
        let lines = || async { desk.directory.list_inbound_services(OPERATOR, Some(support)).await.expect("listed") };
        assert!(lines().await.iter().all(|line| line.has_secret), "from the environment");
        let store = desk.directory.access().store().clone();
        let id = lines().await[0].id;
        let sealed = move |tx: &mut postroom_store::Tx<'_>| postroom_store::inbound_services::secret(tx, id);
        let first = store.read(sealed).await.expect("read").expect("there");
        let opened = AccountSecret::open(desk.directory.sealing(), &secret_row(id), &first).expect("opened");
        assert_eq!(opened, AccountSecret::of_password(Secret::new("SET_REMOTE")));

        // Another secret counts only where that is asked for; without a line for it the secret stays.
        let other = EXAMPLE.replace("SET_REMOTE", "SET_OTHER");
        assert!(desk.applied(&other, NOTHING).await.difference.is_empty());
        let silent = EXAMPLE.replace("password_env = \"SET_REMOTE\"\n", "");
        assert!(desk.applied(&silent, NOTHING).await.difference.is_empty() && lines().await[0].has_secret);
        let set = desk.applied(&other, Options { set_passwords: true, ..NOTHING }).await;
        assert!(
            texts(&set.difference).iter().any(|text| text.ends_with("into support: secret set again")),
            "{}",
            set.difference
        );
        let again = desk.applied(&other, Options { set_passwords: true, ..NOTHING }).await;
        assert!(!again.difference.to_string().contains("secret"), "{}", again.difference);

        let changed = EXAMPLE.replace("{ move = \"Archive\" }", "\"keep\"").replace("tenant = \"example.org\"\n", "");
        let difference = texts(&desk.applied(&changed, NOTHING).await.difference);
        assert_eq!(difference.len(), 2, "{difference:?}");
        assert!(difference[0].ends_with("port 993, tls, move to Archive -> port 993, tls, keep"), "{difference:?}");

        // One made elsewhere is listed; one from a file that the file does not name any more goes.
        let mut elsewhere = desk.directory.inbound_service(OPERATOR, support, id).await.expect("there").settings;
        elsewhere.username = "elsewhere".to_owned();
        let new = NewInbound { settings: elsewhere, secret: None };
        desk.directory.create_inbound_service(OPERATOR, support, new).await.expect("made");
        let (from, to) = (
            EXAMPLE.find("[[shared_mailbox.inbound]]").expect("it is there"),
            EXAMPLE.find("[[role]]").expect("it is there"),
        );
        let without = format!("{}{}", &EXAMPLE[..from], &EXAMPLE[to..]);
        let report = desk.applied(&without, NOTHING).await;
        assert_eq!(texts(&report.difference).len(), 2, "{}", report.difference);
        assert!(report.difference.not_in_file.iter().any(|text| text.contains("elsewhere")), "{}", report.difference);
        assert_eq!(lines().await.len(), 1);
        desk.applied(&without, PRUNE).await;
        assert!(lines().await.is_empty());
    })
    .await;
}
