//! Whom to tell about a fault, inside the ELF: the `security.txt` that explorers show and that
//! researchers look for.
//!
//! Whatever may change stands in `docs/SECURITY.md`, because this text changes only with the program.
//! Neither source nor project have a public address yet, so the fields for them say so or are left
//! out. A program that links this one as a library has its own text: with `no-entrypoint` this one is
//! not compiled in.

use solana_security_txt::security_txt;

security_txt! {
    name: "Mira",
    project_url: "private",
    contacts: "other:see docs/SECURITY.md in the source repository",
    policy: "docs/SECURITY.md in the source repository says how to report a fault and what is promised. No bounty is promised.",
    preferred_languages: "en"
}

/// Keeps the text in the ELF: nothing reads it, and a linker that keeps only what the entry point reaches
/// would drop it.
#[used]
static KEPT: &&str = &SECURITY_TXT;
