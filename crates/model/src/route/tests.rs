use super::*;
use crate::{Domain, DomainId};

fn host(name: &str) -> Via {
    Via::SmartHost(SmartHost {
        host: name.to_owned(),
        port: 587,
        encryption: Encryption::StartTls,
        username: None,
        secret: None,
        mechanism: None,
        secret_env: None,
    })
}

fn org() -> Org {
    let domain = |id, name: &str| Domain { id: DomainId(id), name: name.to_owned() };
    let domains = vec![domain(1, "example.org"), domain(2, "example.net")];
    let mut org = Org::new(1, domains, Vec::new(), Vec::new(), Vec::new(), None);
    let exception = |position, sender, recipient: Option<&str>, via| Route {
        applies: Applies::Exception { position, sender, recipient: recipient.map(str::to_owned) },
        via,
    };
    org.routes = vec![
        exception(1, Some(MailboxId(7)), Some("partner.example"), Via::Direct),
        exception(2, Some(MailboxId(7)), None, host("seven")),
        exception(3, None, Some(".bank.example"), host("bank")),
        Route { applies: Applies::Domain(DomainId(1)), via: host("org") },
    ];
    org
}

#[test]
fn the_first_match_decides() {
    let org = org();
    // sender, From, recipient's domain, lane, why
    let cases = [
        (7, "a@example.org", "partner.example", "partner.example", "exception 1 matches"),
        (7, "a@example.org", "else.example", "seven:587/", "exception 2 matches"),
        (8, "a@example.org", "Pay.Bank.Example", "bank:587/", "exception 3 matches"),
        (8, "a@example.org", "bank.example", "org:587/", "it is the route of example.org"),
        (8, "a@example.org", "nobank.example", "org:587/", "it is the route of example.org"),
        (8, "a@Example.NET", "X.example", "x.example", "example.net has no route, so it goes direct"),
        (8, "", "x.example", "x.example", "mail without an address in From goes direct"),
    ];
    for (sender, from, to, lane, why) in cases {
        let choice = choose(&org, Some(MailboxId(sender)), from, to);
        assert_eq!(
            (org.lane(Some(MailboxId(sender)), from, to).as_str(), choice.why.to_string().as_str()),
            (lane, why)
        );
    }
}
