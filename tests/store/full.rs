//! A full disk. On PostgreSQL the database lies in a tablespace on a small disk, of a server that is this
//! test's alone.

use crate::disk::{SmallDisk, can_mount};
use crate::harness;
use crate::indexer::full::story;
use libtest_mimic::Trial;
use mira_store::Error;
use mira_store::conformance::books;
use mira_store::model::{PutVoucher, Voucher};
use mira_store::scratch::Scratch;
use mira_store::{SqliteStore, Store};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

pub fn trials() -> Vec<Trial> {
    let path = concat!(module_path!(), "::postgres_on_a_small_disk");
    let server = harness::mounting(path, postgres_on_a_small_disk).with_ignored_flag(!can_mount() || bin().is_none());
    let mut trials = trials![async: a_write_without_room_leaves_nothing];
    trials.push(server);
    trials
}

/// As many pages as nobody needs.
const ROOM: u32 = 1 << 30;

fn voucher(amount: u64) -> Voucher {
    let lease = mira_core::Key::from([9; 32]);
    let amounts = (mira_core::amount::Payment::new(amount), mira_core::amount::Units::new(amount));
    Voucher {
        lease,
        cumulative_amount: amounts.0,
        cumulative_units: amounts.1,
        signer: [2; 32],
        signature: [8; 64],
        received_ms: 1,
    }
}

async fn a_write_without_room_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pages = Arc::new(AtomicU32::new(ROOM));
    let url = Scratch::sqlite(folder.path()).url().to_owned();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open_within(&url, pages.clone()).await.unwrap());
    store.claim("test").await.unwrap();
    books::fill(&*store, &books::held(&*store, "test").await).await;
    pages.store(1, Ordering::Release);
    let mut amount = 0;
    let error = loop {
        amount += 1;
        match store.put_voucher(voucher(amount)).await {
            Ok(stored) => assert_eq!(stored, PutVoucher::Stored),
            Err(error) => break error,
        }
    };
    let Error::Full { place, .. } = &error else { panic!("{error}") };
    assert!(place.ends_with("mira.sqlite"), "{place}");
    assert!(error.to_string().contains("free space on its disk"), "{error}");
    let newest = async || store.voucher(&[9; 32]).await.unwrap().map(|voucher| voucher.cumulative_amount.get());
    assert_eq!(newest().await, Some(amount - 1), "no part of it was written");
    // Again and again, as a client would.
    for _ in 0..20 {
        assert!(matches!(store.put_voucher(voucher(amount)).await, Err(Error::Full { .. })));
    }
    assert!(matches!(store.ping().await, Err(Error::Full { .. })));
    pages.store(ROOM, Ordering::Release);
    store.ping().await.unwrap();
    assert_eq!(store.put_voucher(voucher(amount)).await.unwrap(), PutVoucher::Stored);
    assert_eq!(newest().await, Some(amount));
    store.close().await;
}

/// Where the server's programs are.
fn bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}

/// A server of this test's own, which refuses to run as root.
struct Server {
    bin: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { bin: bin().unwrap(), folder: tempfile::tempdir().unwrap(), port };
        hand_over(server.folder.path());
        server.run("initdb", &["-A", "trust", "-U", "postgres", "--no-sync", "-D"], "data");
        let options =
            format!("-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off -c unix_socket_directories=''");
        server.run("pg_ctl", &["-w", "-l", "/dev/null", "-o", &options, "start", "-D"], "data");
        server
    }

    fn run(&self, program: &str, args: &[&str], folder: &str) {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(self.bin.join(program));
        let ended = command.args(args).arg(self.folder.path().join(folder)).current_dir("/").output().unwrap();
        assert!(ended.status.success(), "{program}: {}", String::from_utf8_lossy(&ended.stderr));
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn execute(&self, statement: &str) {
        let psql = Command::new("psql").args(["-X", "-q", "-c", statement, &self.url("postgres")]).output();
        let ended = psql.unwrap();
        assert!(ended.status.success(), "{statement}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-m", "immediate", "-w", "stop", "-D"], "data");
    }
}

fn hand_over(folder: &Path) {
    assert!(Command::new("chown").arg("postgres:").arg(folder).status().unwrap().success());
}

async fn postgres_on_a_small_disk() {
    let disk = SmallDisk::mount(24);
    let place = disk.path().join("space");
    fs::create_dir(&place).unwrap();
    hand_over(&place);
    let server = Server::start();
    server.execute(&format!("CREATE TABLESPACE small LOCATION '{}'", place.display()));
    server.execute("CREATE DATABASE mira TEMPLATE template0 TABLESPACE small");
    let store: Arc<dyn Store> = mira_store::open(&server.url("mira")).await.unwrap();
    story(13, store, "mira on 127.0.0.1", || disk.fill(), || disk.free()).await;
}
