//! Refusals in the text of a macro: it becomes syntax only where it is used, so nothing in it has a switch.

use syn::Item;

use super::{
    complete::{line_of, named},
    site::{Site, no_rule, range},
};

/// Why a rule there has no switch.
const TEXT: &str =
    "the text of a macro, for several types; where the program calls what it makes, the call has a switch";

/// Leaves out every refusal in the macros that a file defines.
pub fn file(site: &mut Site<'_>, syntax: &syn::File) {
    for item in &syntax.items {
        let Item::Macro(item) = item else { continue };
        if !item.mac.path.is_ident("macro_rules") {
            continue;
        }
        for (at, error) in named(site.source, range(item)) {
            let line = line_of(site.source, at);
            let text = site.text(&line);
            if ["Err(", "ok_or", "map_err"].iter().any(|refuses| text.contains(refuses)) {
                site.leave_out(&line, text, no_rule(error).unwrap_or(TEXT));
            }
        }
    }
}
