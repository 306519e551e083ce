//! Roundings and limits: which way an amount is rounded, and what it is held under.

use std::{collections::BTreeMap, ops::Range};

use syn::{BinOp, Expr, ExprCall, FnArg, Item, Lit, Pat};

use super::{
    guard::Kind,
    site::{Site, range},
};

/// Methods of one argument, and what is switched with them.
const METHODS: [(&str, Kind); 4] =
    [("div_ceil", Kind::Rounding), ("checked_div", Kind::Rounding), ("min", Kind::Limit), ("max", Kind::Limit)];

/// Free functions that round one way, by name.
#[derive(Default)]
pub struct Partners {
    /// The full path of the one that rounds the other way.
    other: BTreeMap<String, String>,
    /// The place of the parameter `up`.
    up: BTreeMap<String, usize>,
}

impl Partners {
    /// Adds the functions of a file; `module` is the path of its module.
    pub fn add(&mut self, module: &str, syntax: &syn::File) {
        let functions =
            syntax.items.iter().filter_map(|item| if let Item::Fn(item) = item { Some(item) } else { None });
        let mut names = Vec::new();
        for function in functions {
            let name = function.sig.ident.to_string();
            let named_up = |input: &FnArg| {
                let FnArg::Typed(input) = input else { return false };
                matches!(&*input.pat, Pat::Ident(name) if name.ident == "up")
            };
            if let Some(place) = function.sig.inputs.iter().position(named_up) {
                self.up.insert(name.clone(), place);
            }
            names.push(name);
        }
        for name in &names {
            let other = name.strip_suffix("_ceil").map(|stem| format!("{stem}_floor"));
            let Some(other) = other.filter(|other| names.contains(other)) else { continue };
            self.other.insert(name.clone(), format!("{module}::{other}"));
            self.other.insert(other, format!("{module}::{name}"));
        }
    }
}

/// Gives an expression its switch if it rounds or limits; `function` is the one it stands in, whose name
/// says whether a shift is a division.
pub fn expression(site: &mut Site<'_>, partners: &Partners, function: &str, expr: &Expr) {
    match expr {
        Expr::MethodCall(call) if call.args.len() == 1 => {
            let Some((name, kind)) = METHODS.iter().find(|(name, _)| call.method == name) else { return };
            let Some(number) = guard(site, *kind, expr) else { return };
            site.edits.replace(range(&call.method), format!("mutant_{name}"));
            if let Some(argument) = call.args.first() {
                site.edits.insert(range(argument).start, format!("{number}, "));
            }
        }
        Expr::Binary(both) => {
            let (name, op) = match &both.op {
                BinOp::Div(op) => ("mutant_quotient", range(op)),
                BinOp::Shr(op) if function.ends_with("_floor") || function.ends_with("_ceil") => {
                    ("mutant_shifted", range(op))
                }
                _ => return,
            };
            operator(site, expr, name, op, range(&both.right));
        }
        Expr::Call(call) => free(site, partners, expr, call),
        _ => {}
    }
}

/// `a / b` becomes a call, because both sides stay where they are.
fn operator(site: &mut Site<'_>, expr: &Expr, name: &str, op: Range<usize>, right: Range<usize>) {
    let Some(number) = guard(site, Kind::Rounding, expr) else { return };
    let left = range(expr).start..op.start;
    site.edits.surround(left, "(", ")");
    site.edits.replace(op, format!(".{name}({number}, "));
    site.edits.surround(right, "", ")");
}

fn free(site: &mut Site<'_>, partners: &Partners, expr: &Expr, call: &ExprCall) {
    let Expr::Path(path) = &*call.func else { return };
    let Some(name) = path.path.segments.last().map(|last| last.ident.to_string()) else { return };
    if let Some(other) = partners.other.get(&name)
        && let Some(number) = guard(site, Kind::Rounding, expr)
    {
        let before = format!("(if crate::mutants::off({number}) {{ {other} }} else {{ ");
        site.edits.surround(range(&call.func), before, " })");
    }
    let Some(Expr::Lit(literal)) = partners.up.get(&name).and_then(|place| call.args.get(*place)) else { return };
    if let Lit::Bool(up) = &literal.lit
        && let Some(number) = guard(site, Kind::Rounding, expr)
    {
        let flipped = if up.value { "on" } else { "off" };
        site.edits.replace(range(literal), format!("crate::mutants::{flipped}({number})"));
    }
}

fn guard(site: &mut Site<'_>, kind: Kind, expr: &Expr) -> Option<u32> {
    let at = range(expr);
    let text = site.text(&at);
    site.guard(kind, &at, text)
}
