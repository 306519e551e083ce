//! The other way of each function that rounds: `fee_ceil` and `fee_floor`.
//!
//! Where the sources have both, each stands in for the other. For one that is alone, the copy gets a twin
//! whose last rounding is turned, because that is the one its name speaks of. So every call has a switch
//! of its own, and not all calls one, inside of the function.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    Block, Expr, FnArg, ImplItem, Item, Pat, ReturnType, Signature, Type, Visibility,
    visit::{self, Visit},
};

use super::{
    edit::Edits,
    guard::Kind,
    rounding::Turn,
    site::{Site, range},
};

/// The number of a switch that is always off.
const TURNED: &str = "crate::mutants::TURNED";

/// Functions that round, by name.
#[derive(Default)]
pub struct Partners {
    /// The full path of the free function that rounds the other way.
    other: BTreeMap<String, String>,
    /// Free functions that have to get one.
    alone: BTreeSet<String>,
    /// Methods; each gets one.
    methods: BTreeSet<String>,
    /// The place of the parameter that says which way.
    direction: BTreeMap<String, usize>,
}

impl Partners {
    /// Adds the functions of a file; `module` is the path of its module.
    pub fn add(&mut self, module: &str, syntax: &syn::File) {
        let mut names = Vec::new();
        for item in &syntax.items {
            match item {
                Item::Fn(function) => {
                    let name = function.sig.ident.to_string();
                    if let Some(place) = function.sig.inputs.iter().position(says_which_way) {
                        self.direction.insert(name.clone(), place);
                    }
                    names.push(name);
                }
                Item::Impl(block) => self.methods.extend(methods(block).map(|method| method.sig.ident.to_string())),
                _ => {}
            }
        }
        for name in names.iter().filter(|name| rounds(name)) {
            let (stem, ends) = name.rsplit_once('_').unwrap_or_default();
            let other = format!("{stem}_{}", if ends == "ceil" { "floor" } else { "ceil" });
            if names.contains(&other) {
                self.other.insert(name.clone(), format!("{module}::{other}"));
            } else {
                self.other.insert(name.clone(), format!("{module}::turned_{name}"));
                self.alone.insert(name.clone());
            }
        }
    }

    /// The full path of the free function that rounds the other way.
    pub fn other(&self, name: &str) -> Option<&str> {
        self.other.get(name).map(String::as_str)
    }

    /// Whether that is the name of a method that rounds.
    pub fn is_method(&self, name: &str) -> bool {
        self.methods.contains(name)
    }

    /// The place of the parameter that says which way a free function rounds.
    pub fn direction(&self, name: &str) -> Option<usize> {
        self.direction.get(name).copied()
    }

    /// Puts the twins into their file.
    pub fn write(&self, site: &mut Site<'_>, syntax: &syn::File) {
        for item in &syntax.items {
            match item {
                Item::Fn(item) if self.alone.contains(&item.sig.ident.to_string()) => {
                    let twin = self.twin(site, &item.vis, &item.sig, &item.block);
                    site.edits.insert(range(item).end, format!(" {twin}"));
                }
                Item::Impl(block) => {
                    for method in methods(block) {
                        let twin = self.twin(site, &method.vis, &method.sig, &method.block);
                        let chosen = chosen(site, &method.vis, &method.sig);
                        site.edits.insert(range(method).end, format!(" {twin} {chosen}"));
                    }
                }
                _ => {}
            }
        }
    }

    /// The function under another name, its last rounding turned.
    fn twin(&self, site: &Site<'_>, visibility: &Visibility, signature: &Signature, body: &Block) -> String {
        let function = signature.ident.to_string();
        let mut last = Last { partners: self, function: &function, end: 0, turn: None };
        last.visit_block(body);
        let mut edits = Edits::default();
        edits.replace(range(&signature.ident), format!("turned_{function}"));
        if let Some(turn) = last.turn {
            turn.apply(&mut edits, site.source, TURNED);
        }
        let (edited, rest) = (edits.apply(site.source), site.source.len() - range(body).end);
        let twin = edited.get(range(signature).start..edited.len() - rest).unwrap_or_default();
        format!("{} {twin}", site.of(visibility)).trim_start().to_owned()
    }
}

/// A method that is the one or the other, by number.
fn chosen(site: &Site<'_>, visibility: &Visibility, signature: &Signature) -> String {
    let (name, mut inputs) = (&signature.ident, signature.inputs.iter());
    let receiver = inputs.next().map(|receiver| site.of(receiver)).unwrap_or_default();
    let (mut typed, mut named) = (String::new(), Vec::new());
    for input in inputs {
        typed.push_str(&format!(", {}", site.of(input)));
        if let FnArg::Typed(input) = input {
            named.push(site.of(&input.pat));
        }
    }
    let (named, output) = (named.join(", "), site.of(&signature.output));
    let chosen = format!(
        "fn mutant_{name}({receiver}, number: u32{typed}) {output} {{ if crate::mutants::off(number) \
         {{ self.turned_{name}({named}) }} else {{ self.{name}({named}) }} }}"
    );
    format!("{} {chosen}", site.of(visibility)).trim_start().to_owned()
}

/// The methods of a block that round, by their names.
fn methods(block: &syn::ItemImpl) -> impl Iterator<Item = &syn::ImplItemFn> {
    let methods = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    });
    let inherent = block.trait_.is_none();
    methods.filter(move |method| {
        let says = !matches!(method.sig.output, ReturnType::Default);
        inherent && says && method.sig.receiver().is_some() && rounds(&method.sig.ident.to_string())
    })
}

fn rounds(name: &str) -> bool {
    name.ends_with("_floor") || name.ends_with("_ceil")
}

/// A parameter `up`, or one whose type is called `Rounding`.
fn says_which_way(input: &FnArg) -> bool {
    let FnArg::Typed(input) = input else { return false };
    let typed = matches!(&*input.ty, Type::Path(path) if path.path.is_ident("Rounding"));
    typed || matches!(&*input.pat, Pat::Ident(name) if name.ident == "up")
}

/// The last rounding of a function: of two that end at one place the outer.
struct Last<'p, 'ast> {
    partners: &'p Partners,
    function: &'p str,
    end: usize,
    turn: Option<Turn<'ast>>,
}

impl<'ast> Visit<'ast> for Last<'_, 'ast> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        let end = range(expr).end;
        let turn = Turn::of(self.partners, self.function, expr).filter(|turn| turn.kind == Kind::Rounding);
        if turn.is_some() && end > self.end {
            (self.end, self.turn) = (end, turn);
        }
        visit::visit_expr(self, expr);
    }
}
