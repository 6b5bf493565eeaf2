use super::*;

fn load_with(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("postroom.toml");
    std::fs::write(&path, text).unwrap();
    let sources = Sources { file: Some(path), data: None };
    let owned = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut config = Config::load(&sources, owned)?;
    // The folder is another one in each run.
    for path in [&mut config.data, &mut config.blobs] {
        if let Ok(rest) = path.strip_prefix(folder.path()) {
            *path = PathBuf::from("<beside>").join(rest);
        }
    }
    if let Database::Sqlite(path) = &mut config.database
        && let Ok(rest) = path.strip_prefix(folder.path())
    {
        *path = PathBuf::from("<beside>").join(rest);
    }
    Ok(config)
}

fn load(text: &str) -> Result<Config, ConfigError> {
    load_with(text, &[])
}

fn refusal(text: &str) -> String {
    let error = load(text).expect_err(text).to_string();
    // Without the folder, which is another one in each run.
    error.split_once("postroom.toml").map_or(error.clone(), |(_, rest)| rest.to_owned())
}

fn listening(config: &Config) -> Vec<String> {
    config.listen.iter().map(|(listener, address)| format!("{listener} {address}")).collect()
}

#[test]
fn an_empty_file_means_the_defaults() {
    let config = load("").unwrap();
    assert_eq!(config.hostname, "localhost");
    assert_eq!(config.data, Path::new("<beside>/data"));
    assert_eq!(config.blobs, Path::new("<beside>/data/blobs"));
    assert!(matches!(&config.database, Database::Sqlite(path) if path == Path::new("<beside>/data/postroom.db")));
    assert_eq!(config.public_url, "https://localhost");
    assert_eq!(config.plaintext, Plaintext::Loopback);
    assert_eq!(config.limits.message_size.octets(), 52_428_800);
    assert_eq!(
        listening(&config),
        [
            "smtp 127.0.0.1:2525",
            "submission 127.0.0.1:2587",
            "submissions 127.0.0.1:2465",
            "lmtp 127.0.0.1:2424",
            "imap 127.0.0.1:2143",
            "imaps 127.0.0.1:2993",
            "pop3 127.0.0.1:2110",
            "pop3s 127.0.0.1:2995",
            "http 127.0.0.1:8080",
            "https 127.0.0.1:8443",
        ]
    );
}

#[test]
fn everything_can_be_said() {
    let config = load(
        r#"
        hostname = "Mail.Example.org"
        [database]
        url = "sqlite:elsewhere/x.db"
        [blobs]
        url = "file:/srv/blobs"
        [listen]
        imap = "[::]:143"
        smtp = "localhost:25"
        [http]
        public_url = "https://office.example.org/"
        [tls]
        certificate = "c.pem"
        key = "/etc/k.pem"
        [auth]
        plaintext = "never"
        [limits]
        message_size = "1 MiB"
        recipients = 50
        smtp_timeout = "10 s"
        audit_retention = "1 day"
        "#,
    )
    .unwrap();
    assert_eq!(config.hostname, "mail.example.org");
    assert!(matches!(&config.database, Database::Sqlite(path) if path == Path::new("<beside>/elsewhere/x.db")));
    assert_eq!(config.blobs, Path::new("/srv/blobs"));
    assert_eq!(listening(&config), ["smtp 127.0.0.1:25", "imap [::]:143"]);
    assert_eq!(config.public_url, "https://office.example.org");
    assert_eq!(config.tls.unwrap().key, Path::new("/etc/k.pem"));
    assert_eq!(config.plaintext, Plaintext::Never);
    assert_eq!(config.limits.message_size, Size(1 << 20));
    assert_eq!(config.limits.recipients, Count(50));
    assert_eq!(config.limits.smtp_timeout.millis(), 10_000);
    assert_eq!(config.limits.audit_retention.millis(), 86_400_000);
}

#[test]
fn mistakes_are_refused_with_their_line() {
    let cases = [
        ("\nhostnam = \"x\"", ":2: unknown field `hostnam`"),
        ("[listen]\nsmtp = \"127.0.0.1:1\"\nsmpt = \"127.0.0.1:1\"", ":3: unknown field `smpt`"),
        ("[listening]\nsmtp = \"127.0.0.1:1\"", ":1: unknown field `listening`"),
        ("[limits]\n\nmesage_size = 1", ":3: unknown field `mesage_size`"),
        ("[listen]\nsmtp = \"25\"", ":2: `25` is no address and port"),
        ("[tls]\nacme = true", ":2: this comes with a later version"),
        ("[blobs]\nurl = \"s3://bucket\"", ":2: an S3 bucket for large content comes with a later version"),
        ("[database]\nurl = \"mysql://x\"", ":2: this is no database"),
        ("[auth]\nplaintext = \"always\"", ":2: unknown variant `always`"),
        ("[limits]\nmessage_size = \"50 XB\"", ":2: `50 XB` is no size"),
        ("[limits]\nmessage_size = -1", ":2: `-1` is no size"),
        ("[limits]\nmessage_size = \"99999999999 GiB\"", ":2: `99999999999 GiB` is no size"),
        ("[limits]\nsmtp_timeout = \"soon\"", ":2: `soon` is no length of time"),
        ("[limits]\nrecipients = \"many\"", ":2: `many` is no number"),
        ("hostname = \"a b\"", ":1: `a b` is no host name"),
        ("[http]\npublic_url = \"office\"", ":2: `office` is no base of URLs"),
        ("hostname = ", ":1: "),
    ];
    for (text, expected) in cases {
        let refused = refusal(text);
        assert!(refused.starts_with(expected), "{text:?}: {refused}");
    }
    assert_eq!(refusal("[tls]\nkey = \"k.pem\""), "[tls] needs both `certificate` and `key`, or neither");
}

#[test]
fn the_password_of_a_database_is_never_repeated() {
    assert!(!refusal("[database]\nurl = \"postgre://postroom:geheim@db/x\"").contains("geheim"));
}

#[test]
fn the_environment_goes_over_the_file() {
    let config = load_with(
        "hostname = \"a.example\"\n[listen]\nsmtp = \"127.0.0.1:1\"\nimap = \"127.0.0.1:2\"",
        &[
            ("POSTROOM_HOSTNAME", "b.example"),
            ("POSTROOM_DATABASE_URL", "postgres://db/x"),
            ("POSTROOM_LISTEN_SMTP", "127.0.0.1:3"),
            ("POSTROOM_LISTEN_IMAP", ""),
            ("POSTROOM_LIMITS_MESSAGE_SIZE", "1000"),
            ("POSTROOM_AUTH_PLAINTEXT", "never"),
            ("POSTROOM_LOG", "debug"),
            ("HOME", "/root"),
        ],
    )
    .unwrap();
    assert_eq!(config.hostname, "b.example");
    assert!(matches!(&config.database, Database::Postgresql(url) if url == "postgres://db/x"));
    assert_eq!(listening(&config), ["smtp 127.0.0.1:3"]);
    assert_eq!(config.limits.message_size, Size(1000));
    assert_eq!(config.plaintext, Plaintext::Never);
    assert_eq!(config.warnings, Vec::<String>::new());
}

#[test]
fn mistakes_in_the_environment_name_the_variable() {
    let refused = |name, value| load_with("", &[(name, value)]).expect_err(name).to_string();
    assert!(refused("POSTROOM_LISTEN_SMPT", "x").starts_with("POSTROOM_LISTEN_SMPT: unknown field `smpt`"));
    assert!(refused("POSTROOM_LISTEN_SMTP", "x").starts_with("POSTROOM_LISTEN_SMTP: `x` is no address"));
    let config = load_with("", &[("POSTROOM_HOSTNME", "x")]).unwrap();
    assert_eq!(config.warnings, ["POSTROOM_HOSTNME is set, but names no key of the configuration"]);
}

#[test]
fn how_mail_leaves_is_read_and_checked() {
    let text =
        "[outgoing]\nallow_networks = [\"10.0.0.0/8\"]\nretries = [\"1 min\", \"2 h\"]\n[dns]\nservers = [\"9.9.9.9\"]";
    let outgoing = load(text).unwrap().outgoing;
    assert_eq!(outgoing.retries.iter().map(ToString::to_string).collect::<Vec<_>>(), ["60 s", "2 h"]);
    assert_eq!(outgoing.name_servers, [([9, 9, 9, 9], 53).into()]);
    assert!(outgoing.allow_networks[0].contains([10, 1, 2, 3].into()));
    assert_eq!((load("").unwrap().outgoing.retries.len(), outgoing.port), (9, 25));
    for (text, why) in [
        ("[outgoing]\nallow_networks = [\"10.0.0.0/99\"]", "outgoing.allow_networks: `10.0.0.0/99` is no range"),
        ("[outgoing]\nretries = [\"soon\"]", "outgoing.retries: `soon` is no length of time"),
        ("[outgoing]\nport = 0", "outgoing.port: 0 is no port"),
        ("[dns]\nservers = [\"example.org\"]", "dns.servers: `example.org` is no name server"),
    ] {
        assert!(refusal(text).contains(why), "{}", refusal(text));
    }
}

#[test]
fn the_reference_lists_every_limit_with_its_default() {
    let reference = include_str!("../../../../docs/operating/configuration.md");
    for (name, default, limits) in Limits::default().table() {
        let row = format!("| `{name}` | {default} | {limits} |");
        assert!(reference.contains(&row), "docs/operating/configuration.md lacks the row\n{row}");
    }
}
