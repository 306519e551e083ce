//! Nothing is passed over in silence: what looks like a guard has a switch, or stands among those that are
//! left out with a reason.
//!
//! The search is for words, not for syntax, so that it does not share the blind spots of those that find
//! the guards. Deliberately absent: refusals that name no error of ours, above all those of the accounts'
//! own types, and the errors that core's callers pass on.

use std::ops::Range;

use syn::{
    Block, Expr, ImplItemFn, Item, ItemFn, Local, Pat,
    visit::{self, Visit},
};

use super::{
    refusal,
    site::{Site, line, range},
    walk::conditional,
};

/// Files that name errors because they define them.
const DEFINE: [&str; 2] = ["crates/core/src/error.rs", "programs/mira/src/error.rs"];
/// Calls that round.
const ROUND: [&str; 3] = ["_floor(", "_ceil(", "checked_div("];
/// What checks an account.
const ACCOUNTS: [&str; 6] = ["seeds = ", "has_one = ", "constraint = ", "address = ", "Signer<", "Program<"];

/// The places of an instrumented file that look like guards and are accounted for nowhere.
pub fn gaps(site: &Site<'_>, syntax: &syn::File) -> Vec<String> {
    if DEFINE.contains(&site.file) {
        return Vec::new();
    }
    let mut outline = Outline { site, structs: Vec::new(), excused: Vec::new(), body: 0..0 };
    outline.visit_file(syntax);
    let source = site.source;
    let mut places: Vec<usize> = named(source, 0..source.len()).into_iter().map(|(at, _)| at).collect();
    places.extend(ROUND.iter().flat_map(|call| all(source, call, 0..source.len())));
    for accounts in &outline.structs {
        places.extend(ACCOUNTS.iter().flat_map(|check| all(source, check, accounts.clone())));
    }
    places.retain(|at| {
        let within = |ranges: &[Range<usize>]| ranges.iter().any(|range| range.contains(at));
        !within(&site.covered) && !within(&outline.excused)
    });
    places.sort_unstable();
    places.dedup_by_key(|at| line(source, *at));
    let shown = places.iter().map(|at| (line(source, *at), site.text(&line_of(source, *at))));
    shown.map(|(line, text)| format!("{}:{line} {text}", site.file)).collect()
}

/// Where an error is named in a range, and which.
pub fn named(source: &str, within: Range<usize>) -> Vec<(usize, &str)> {
    let ours = all(source, "Error::", within.clone());
    let errors = ours.chain(all(source, "ErrorCode::", within)).filter_map(|at| {
        let (_, rest) = source.get(at..)?.split_once("::")?;
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '$')).unwrap_or(rest.len());
        Some((at, rest.get(..end)?))
    });
    errors.filter(|(_, name)| name.starts_with(|c: char| c.is_uppercase() || c == '$')).collect()
}

/// Where a word stands in a range, outside of comments and of the heads of functions.
fn all<'s>(source: &'s str, word: &'s str, within: Range<usize>) -> impl Iterator<Item = usize> + use<'s> {
    let text = source.get(within.clone()).unwrap_or_default();
    let found = text.match_indices(word).map(move |(at, _)| within.start + at);
    found.filter(|at| {
        let before = source.get(line_of(source, *at).start..*at).unwrap_or_default();
        !before.contains("//") && before.rsplit(' ').nth(1) != Some("fn")
    })
}

/// The line of a byte, without its indentation.
pub fn line_of(source: &str, at: usize) -> Range<usize> {
    let (before, after) = source.split_at(at);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let indented = before.len() - before.get(start..).unwrap_or_default().trim_start().len();
    indented..at + after.find('\n').unwrap_or(after.len())
}

/// What of a file is not the program's, or is accounted for by what follows from it.
struct Outline<'o, 'a> {
    site: &'o Site<'a>,
    /// Where accounts are listed.
    structs: Vec<Range<usize>>,
    excused: Vec<Range<usize>>,
    /// The function around.
    body: Range<usize>,
}

impl Outline<'_, '_> {
    /// Whether a name stands after `from` in its function, and everywhere where something is accounted for.
    fn used_well(&self, name: &str, from: usize) -> bool {
        let (source, part) = (self.site.source, |c: char| c.is_alphanumeric() || c == '_');
        let alone = |at: &usize| {
            let (before, after) = source.split_at(*at);
            !before.ends_with(part) && !after.get(name.len()..).unwrap_or_default().starts_with(part)
        };
        let uses: Vec<usize> = all(source, name, from..self.body.end).filter(alone).collect();
        let covered = |at: &usize| self.site.covered.iter().any(|range| range.contains(at));
        !uses.is_empty() && uses.iter().all(covered)
    }

    fn function(&mut self, body: &Block) {
        let outer = std::mem::replace(&mut self.body, range(body));
        visit::visit_block(self, body);
        self.body = outer;
    }
}

impl<'ast> Visit<'ast> for Outline<'_, '_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Struct(item) => {
                let accounts = item.attrs.iter().any(|found| self.site.of(found).contains("derive(Accounts)"));
                self.structs.extend(accounts.then(|| range(&item.fields)));
                return;
            }
            _ => return visit::visit_item(self, item),
        };
        if attributes.iter().any(conditional) {
            return self.excused.push(range(item));
        }
        visit::visit_item(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if item.attrs.iter().any(conditional) {
            return self.excused.push(range(item));
        }
        self.function(&item.block);
    }

    /// `let error = Error::X;`, whose uses refuse and not itself.
    fn visit_local(&mut self, local: &'ast Local) {
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && names_error(&init.expr)
            && self.used_well(&name.ident.to_string(), range(local).end)
        {
            self.excused.push(range(local));
        }
        visit::visit_local(self, local);
    }
}

/// An error alone, or `Err` or a closure of one.
fn names_error(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Macro(call) => call.mac.path.is_ident("error") || call.mac.path.is_ident("err"),
        Expr::Call(call) => refusal::names(&call.func, "Err") && call.args.first().is_some_and(names_error),
        Expr::Closure(closure) => names_error(&closure.body),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{mutants::scan, workspace::Workspace};

    fn gaps(path: &str, source: &str) -> Vec<String> {
        let main = ("programs/mira/src/main.rs".to_owned(), "fn main() { go(); }".to_owned());
        scan::instrument(vec![(path.to_owned(), source.to_owned()), main]).unwrap().gaps
    }

    #[test]
    fn what_looks_like_a_guard_and_is_none_is_a_gap() {
        let core = |source: &str| gaps("crates/core/src/rule.rs", source);
        let odd = "fn go() -> Result<u8> {\n    let ok = pick(Error::Bad);\n    ok\n}";
        assert_eq!(core(odd), ["crates/core/src/rule.rs:2 let ok = pick(Error::Bad);"]);
        // One use of a name refuses, the other does not.
        let twice = "fn go() -> Result<u8> {\n    let no = Error::Bad;\n    a.ok_or(no)?;\n    pick(no)\n}";
        assert_eq!(core(twice), ["crates/core/src/rule.rs:2 let no = Error::Bad;"]);
        assert_eq!(core("trait Go { fn go() -> u8 { a.checked_div(b) } }").len(), 1);
        let accounts = "#[derive(Accounts)] struct Go<'info> { a: Option<Signer<'info>> }";
        assert_eq!(gaps("programs/mira/src/instructions/go.rs", accounts).len(), 1);
    }

    #[test]
    fn what_is_accounted_for_is_no_gap() {
        let source = "//! Refuses: [`Error::Bad`].\nfn go() -> Result<u8> {\n    let no = Err(Error::Bad);\n    \
                      if a { return no; }\n    b.ok_or(Error::MathOverflow)\n}\n\
                      fn far() -> Result<u8> {\n    a.ok_or(Error::Bad)\n}\n\
                      #[cfg(test)]\nmod tests {\n    const BAD: Error = Error::Bad;\n}";
        assert_eq!(gaps("crates/core/src/rule.rs", source), Vec::<String>::new());
        assert_eq!(gaps("crates/core/src/error.rs", "const BAD: Error = Error::Bad;"), Vec::<String>::new());
    }

    /// Refuses sources with a gap.
    #[test]
    fn no_guard_of_the_program_is_passed_over() {
        let scan = scan::run(&Workspace::locate().unwrap()).unwrap();
        assert_eq!(scan.gaps, Vec::<String>::new());
        assert!(scan.found.guards.len() > 400 && scan.found.left_out.len() > 100);
    }
}
