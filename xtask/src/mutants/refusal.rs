//! What a refusal looks like: `Err(..)`, `err!(..)`, `Ok(false)`, `return` of these, or a name for one of
//! them.

use std::{collections::BTreeMap, ops::Range};

use syn::{
    Block, Expr, Lit, Local, Pat, Stmt,
    visit::{self, Visit},
};

use super::site::{Site, range};

/// The names that a function binds with `let`, and to what. Those bound twice are left out.
#[derive(Default)]
pub struct Locals<'ast> {
    known: BTreeMap<String, Option<&'ast Expr>>,
}

impl<'ast> Locals<'ast> {
    /// Those of a function's body.
    pub fn of(body: &'ast Block) -> Self {
        let mut locals = Self::default();
        locals.visit_block(body);
        locals
    }

    /// What a name stands for, if the expression is one that was bound once.
    pub fn resolve(&self, expr: &Expr) -> Option<&'ast Expr> {
        let Expr::Path(path) = expr else { return None };
        let name = path.path.get_ident()?;
        let bound = self.known.get(&name.to_string()).copied().flatten();
        bound.filter(|bound| !matches!(bound, Expr::Path(other) if other.path.is_ident(name)))
    }
}

impl<'ast> Visit<'ast> for Locals<'ast> {
    fn visit_local(&mut self, local: &'ast Local) {
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init) {
            let known = self.known.entry(name.ident.to_string()).and_modify(|earlier| *earlier = None);
            known.or_insert(Some(&init.expr));
        }
        visit::visit_local(self, local);
    }
}

/// Whether an expression refuses, and with which error if that can be seen.
pub fn refusal<'a>(site: &Site<'a>, locals: &Locals<'_>, expr: &Expr) -> Option<Option<&'a str>> {
    match expr {
        Expr::Call(call) if names(&call.func, "Err") => {
            let argument = call.args.first()?;
            Some(error(site, locals, argument))
        }
        Expr::Call(call) if names(&call.func, "Ok") => match call.args.first()? {
            Expr::Lit(answer) if matches!(&answer.lit, Lit::Bool(answer) if !answer.value) => Some(None),
            _ => None,
        },
        Expr::Macro(call) if call.mac.path.is_ident("err") => Some(site.error_in(&range(expr))),
        Expr::Return(returned) => refusal(site, locals, returned.expr.as_deref()?),
        Expr::Try(tried) => refusal(site, locals, &tried.expr),
        Expr::Paren(inner) => refusal(site, locals, &inner.expr),
        Expr::Block(block) => refusal(site, locals, only(&block.block)?),
        Expr::Path(_) => refusal(site, locals, locals.resolve(expr)?),
        _ => None,
    }
}

/// The error that an expression stands for: itself, what a closure gives, or what a name stands for.
pub fn error<'a>(site: &Site<'a>, locals: &Locals<'_>, expr: &Expr) -> Option<&'a str> {
    site.error_in(&range(expr)).or_else(|| match expr {
        Expr::Closure(closure) => error(site, locals, &closure.body),
        _ => error(site, locals, locals.resolve(expr)?),
    })
}

/// The single expression of a block that holds nothing else.
pub fn only(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(expr, _)] => Some(expr),
        _ => None,
    }
}

/// Whether an expression is a path that ends in `name`.
pub fn names(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The name of the function that an expression calls.
pub fn callee(expr: &Expr) -> Option<String> {
    match expr {
        Expr::MethodCall(call) => Some(call.method.to_string()),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// How often a word stands in a range.
pub fn mentions(site: &Site<'_>, within: &Range<usize>, word: &str) -> usize {
    let boundary = |c: char| !(c.is_alphanumeric() || c == '_');
    site.text(within).split(boundary).filter(|found| *found == word).count()
}
