//! What may be named where: SQL only in `crates/store`, no chain and no serialisation in
//! `crates/core`, nothing that waits or reads a clock in the pure crates.

use super::Source;
use crate::report::Report;

struct Rule {
    /// Words that no line of code may contain.
    words: &'static [&'static str],
    /// Where they are forbidden; empty means everywhere.
    within: &'static [&'static str],
    /// Where they are allowed all the same.
    except: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        words: &["sqlx", "\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM "],
        within: &[],
        except: &["crates/store/", "tests/store/", "xtask/"],
        why: "SQL belongs to crates/store",
    },
    Rule {
        words: &["solana", "anchor_lang", "serde", "sqlx", "f32", "f64", "std::time"],
        within: &["crates/core/src/"],
        except: &[],
        why: "crates/core is protocol data and integer arithmetic only",
    },
    Rule {
        words: &["solana", "anchor_lang", "tokio", "SystemTime", "Instant::now", "std::fs", "std::net"],
        within: &["crates/dispatch/src/"],
        except: &[],
        why: "the dispatch engine is pure: time, randomness and I/O are inputs",
    },
    Rule {
        words: &["solana", "anchor_lang"],
        within: &["crates/store/src/", "crates/wire/src/"],
        except: &[],
        why: "keys are [u8; 32] here",
    },
    Rule {
        words: &["surfpool"],
        within: &[],
        except: &["crates/chain/src/local/", "xtask/"],
        why: "nothing but the local chain may depend on how it is made",
    },
    Rule { words: &["wasmtime"], within: &[], except: &["node/src/", "xtask/"], why: "execution belongs to node" },
    Rule { words: &["axum"], within: &[], except: &["api/src/", "xtask/"], why: "HTTP serving belongs to api" },
    Rule {
        words: &["mira_cli"],
        within: &[],
        except: &["cli/src/", "tests/", "bench/src/e2e/", "xtask/"],
        why: "nothing imports the command line but what tests it from end to end",
    },
];

/// Checks every rule on every line that is not a comment.
pub fn check(sources: &[Source], report: &mut Report) {
    for source in sources {
        for rule in RULES.iter().filter(|rule| rule.covers(&source.path)) {
            for (index, line) in source.text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in rule.words.iter().filter(|word| code.contains(**word)) {
                    report.finding(format!("{}:{} names {word}: {}", source.path, index + 1, rule.why));
                }
            }
        }
    }
}

impl Rule {
    fn covers(&self, path: &str) -> bool {
        let within = self.within.is_empty() || self.within.iter().any(|folder| path.starts_with(folder));
        within && !self.except.iter().any(|folder| path.starts_with(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> bool {
        let mut report = Report::new("tidy");
        check(&[Source { path: path.to_owned(), text: text.to_owned() }], &mut report);
        !report.ok()
    }

    #[test]
    fn sql_is_found_outside_the_store() {
        let text = concat!("let q = \"SELE", "CT 1\";");
        assert!(findings("api/src/router.rs", text));
        assert!(!findings("crates/store/src/sqlite/job.rs", text));
    }

    #[test]
    fn comments_may_name_anything() {
        assert!(!findings("crates/core/src/lib.rs", "// as on solana"));
        assert!(findings("crates/core/src/lib.rs", "use solana_pubkey::Pubkey;"));
    }
}
