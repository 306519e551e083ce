//! The ELF tells whom to tell about a fault: read with the parser that explorers use.

use libtest_mimic::Trial;
use mira_chain::artifact::program_elf;
use solana_security_txt::{Contact, SECURITY_TXT_BEGIN, SECURITY_TXT_END, find_and_parse};

pub fn trials() -> Vec<Trial> {
    trials![the_elf_holds_one, it_leads_to_the_policy]
}

/// What it refers to; the test does not compile without it.
const POLICY: &str = include_str!("../../docs/SECURITY.md");

fn the_elf_holds_one() {
    for marker in [SECURITY_TXT_BEGIN, SECURITY_TXT_END] {
        let found = program_elf().windows(marker.len()).filter(|bytes| *bytes == marker.as_bytes());
        assert_eq!(found.count(), 1, "{marker:?}");
    }
}

fn it_leads_to_the_policy() {
    let text = find_and_parse(program_elf()).unwrap();
    assert_eq!((text.name.as_str(), text.project_url.as_str()), ("Mira", "private"));
    let [Contact::Other(contact)] = text.contacts.as_slice() else { panic!("{text}") };
    assert!(contact.contains("docs/SECURITY.md") && text.policy.contains("docs/SECURITY.md"), "{text}");
    assert!(POLICY.contains("## Reporting a fault"));
    // Nothing is claimed that is not so: there is no public source, no audit and no release.
    assert_eq!((text.source_code, text.source_release, text.source_revision), (None, None, None));
    assert_eq!((text.auditors.join(","), text.acknowledgements, text.expiry), (String::new(), None, None));
}
