//! Fresh databases for tests: SQLite in a temporary folder, PostgreSQL in a throw-away cluster.
//!
//! Start reading at [`on_both`]. The cluster is made once per test process on a Unix socket in a temporary folder
//! and removed when the process ends, however it ends.

use crate::{Database, Store, StoreConfig};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs a test on a fresh SQLite store and on a fresh PostgreSQL store. Where PostgreSQL is not installed it says
/// so and leaves that half out.
///
/// # Panics
/// When a database cannot be made: the test cannot be run.
pub async fn on_both<F, Fut>(test: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a temporary folder");
    test(open(sqlite(folder.path()), folder.path()).await).await;
    match postgresql_database() {
        Some(url) => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            test(open(Database::Postgresql(url), folder.path()).await).await;
        }
        None => eprintln!("skipped on PostgreSQL: it is not installed (apt-get install postgresql)"),
    }
}

/// A fresh SQLite store that lives as long as the folder.
///
/// # Panics
/// When it cannot be made.
pub async fn on_sqlite(folder: &Path) -> Store {
    open(sqlite(folder), folder).await
}

fn sqlite(folder: &Path) -> Database {
    Database::Sqlite(folder.join("postroom.db"))
}

async fn open(database: Database, folder: &Path) -> Store {
    let config = StoreConfig { database, blobs: folder.join("blobs") };
    let opened = tokio::task::spawn_blocking(move || Store::open(&config)).await;
    opened.expect("opening does not panic").expect("the store opens")
}

/// The address of a fresh, empty database in the throw-away cluster. None: PostgreSQL is not installed.
///
/// # Panics
/// When the cluster cannot be started.
pub fn postgresql_database() -> Option<String> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let cluster = CLUSTER.get_or_init(|| programs().map(|programs| Cluster::start(&programs))).as_ref()?;
    let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
    // A thread of its own: the client must not be driven from inside an asynchronous runtime.
    let (admin, statement) = (cluster.url("postgres"), format!("CREATE DATABASE {name}"));
    std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&admin, postgres::NoTls).expect("the cluster answers");
        client.batch_execute(&statement).expect("a database can be made");
    })
    .join()
    .expect("a database can be made");
    Some(cluster.url(&name))
}

struct Cluster {
    folder: PathBuf,
}

/// Where Debian keeps `initdb` and `pg_ctl`; the newest version.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

impl Cluster {
    fn start(programs: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("pr-pg").tempdir().expect("a temporary folder").keep();
        let text = folder.display().to_string();
        let bin = programs.display().to_string();
        // PostgreSQL refuses to run as root; there its own account runs it.
        let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
        let run = |command: &str| {
            let mut shell = if root {
                let mut shell = Command::new("runuser");
                shell.args(["-u", "postgres", "--", "sh", "-c", command]);
                shell
            } else {
                let mut shell = Command::new("sh");
                shell.args(["-c", command]);
                shell
            };
            let output = shell.current_dir("/").stdin(Stdio::null()).output().expect("a shell");
            assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        };
        if root {
            let owned = Command::new("chown").args(["postgres", &text]).status();
            assert!(owned.is_ok_and(|status| status.success()), "the folder can be given to postgres");
        }
        run(&format!("{bin}/initdb -D {text}/data -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null"));
        run(&format!(
            "{bin}/pg_ctl -D {text}/data -l {text}/log -w -o \"-k {text} -c listen_addresses='' -c max_connections=500 -c shared_buffers=64MB -c fsync=off -c full_page_writes=off\" start >/dev/null"
        ));
        watch_over(&text);
        Self { folder }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.folder.display())
    }
}

/// Leaves a process behind that waits for this one to end, then stops the cluster and removes its folder.
fn watch_over(folder: &str) {
    let stop = format!(
        "cat >/dev/null; P=$(head -1 {folder}/data/postmaster.pid); kill -QUIT $P; while kill -0 $P 2>/dev/null; do :; done; rm -rf {folder}"
    );
    let child = Command::new("sh")
        .args(["-c", &stop])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = child.expect("a shell");
    // The pipe stays open as long as this process lives.
    std::mem::forget(child.stdin.take());
    std::mem::forget(child);
}
