//! Which functions of `crates/core` the program can get to, judged by their names: clients share the
//! crate, and what only they call is nothing that the program could miss.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    Block, Signature,
    visit::{self, Visit},
};

use super::site::range;

/// The names of the functions that the program's sources lead to, through core's own functions.
pub fn reached(program: &[&str], core: &[(&str, &syn::File)]) -> BTreeSet<String> {
    let mut calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (source, syntax) in core {
        Bodies { source, calls: &mut calls }.visit_file(syntax);
    }
    let mut queue: Vec<String> = program.iter().flat_map(|source| called(before_tests(source))).collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = queue.pop() {
        if let Some(next) = calls.get(&name)
            && reached.insert(name)
        {
            queue.extend(next.iter().cloned());
        }
    }
    reached
}

struct Bodies<'b> {
    source: &'b str,
    calls: &'b mut BTreeMap<String, BTreeSet<String>>,
}

impl Bodies<'_> {
    fn add(&mut self, signature: &Signature, block: &Block) {
        let body = self.source.get(range(block)).unwrap_or_default();
        self.calls.entry(signature.ident.to_string()).or_default().extend(called(body));
    }
}

impl<'ast> Visit<'ast> for Bodies<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
}

/// Words that are called, or named as a path's last part.
fn called(source: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for line in source.lines().map(|line| line.split("//").next().unwrap_or_default()) {
        let mut before = "";
        let mut rest = line;
        while let Some(start) = rest.find(|c: char| c.is_alphabetic() || c == '_') {
            let (gap, word) = rest.split_at(start);
            before = if gap.is_empty() { before } else { gap };
            let end = word.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            if after.starts_with('(') || after.starts_with("::<") || before.ends_with("::") {
                words.insert(word.to_owned());
            }
            (before, rest) = ("", after);
        }
    }
    words
}

fn before_tests(source: &str) -> &str {
    source.split("#[cfg(test)]").next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::reached;

    #[test]
    fn follows_calls_and_paths_but_not_fields() {
        let core = "fn a() { b(); } fn b() { x.map(Self::c) } fn c() {} fn d() { a() } fn e() {}";
        let syntax = syn::parse_file(core).unwrap();
        let core = [(core, &syntax)];
        let program = ["fn go() { core::a(); t.e = 1; // d()\n }\n#[cfg(test)]\nfn t() { d() }"];
        let names: Vec<String> = reached(&program, &core).into_iter().collect();
        assert_eq!(names, ["a", "b", "c"]);
    }
}
