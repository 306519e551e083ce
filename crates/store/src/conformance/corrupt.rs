//! Rows that this version never writes are reported, not guessed at.

use super::{Bench, sample};
use crate::Error;
use crate::model::Set;

pub async fn a_broken_row_names_itself(bench: &Bench) {
    bench.with(vec![sample::job(1).into()]).await;
    let sqlite = bench.store.engine() == "sqlite";
    let cases = [
        ("funded", if sqlite { "x'0102'" } else { "18446744073709551616" }),
        ("spec_hash", if sqlite { "x'00'" } else { "'\\x00'" }),
        ("tier", "4"),
        ("max_share", "10001"),
        ("closing_at", "NULL"),
        ("leases_total", "4294967296"),
        ("open_leases", "-1"),
    ];
    for (column, value) in cases {
        bench.scratch.execute("CREATE TABLE saved AS SELECT * FROM job").await.unwrap();
        bench.scratch.execute(&format!("UPDATE job SET {column} = {value}")).await.unwrap();
        let read = bench.store.job(&sample::key(1)).await;
        let hashed = bench.store.state_digest(Set::Live, "test").await;
        if column == "closing_at" {
            // A column that may be empty: another row, but a sound one.
            assert!(read.is_ok() && hashed.is_ok());
        } else {
            for error in [read.map(|_| ()).unwrap_err(), hashed.map(|_| ()).unwrap_err()] {
                let Error::Corrupt { table: "job", column: found, key, .. } = &error else { panic!("{error}") };
                assert_eq!(found, column, "{error}");
                assert!(key.starts_with("00000001aa"), "{error}");
            }
        }
        bench.scratch.execute("DELETE FROM job").await.unwrap();
        bench.scratch.execute("INSERT INTO job SELECT * FROM saved").await.unwrap();
        bench.scratch.execute("DROP TABLE saved").await.unwrap();
    }
    assert_eq!(bench.store.job(&sample::key(1)).await.unwrap(), Some(sample::job(1)));
}
