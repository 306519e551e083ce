//! The walk over a file's functions, which gives every refusal and every rounding its switch.

use std::{collections::BTreeSet, ops::Range};

use syn::{
    Attribute, Block, Expr, ExprIf, ExprMatch, ImplItemFn, Item, ItemFn, ReturnType, Signature, Stmt, Visibility,
    visit::{self, Visit},
};

use super::{
    arm, check,
    condition::{Frame, Sense, switch},
    guard::Found,
    refusal::{Locals, only, refusal},
    rounding::{self, Partners},
    site::{Site, range},
};

/// What is looked for in which functions.
pub struct Rules<'r> {
    /// Whether that function's lines and values are checks (and not effects).
    pub checks: &'r dyn Fn(&str) -> bool,
    /// Whether amounts are made there.
    pub rounds: bool,
    /// Functions that the program can get to, if that is asked.
    pub reached: Option<&'r BTreeSet<String>>,
    /// Functions whose names end in `_ceil` and `_floor`.
    pub partners: &'r Partners,
}

/// Instruments every function of a file.
pub fn file(site: &mut Site<'_>, syntax: &syn::File, rules: &Rules<'_>) {
    let mut predicates = Predicates::default();
    predicates.visit_file(syntax);
    for (signature, _) in &predicates.found {
        let name = signature.ident.to_string();
        // Its own line, and one call.
        if site.source.matches(&format!("{name}(")).count() == 2 {
            site.predicates.insert(name, None);
        }
    }
    Files { site, rules }.visit_file(syntax);
    for (signature, body) in predicates.found {
        predicate(site, &signature.ident.to_string(), body);
    }
}

/// Takes a predicate apart if a refusal depends on it.
fn predicate(site: &mut Site<'_>, name: &str, body: &Block) {
    let Some((sense, error)) = site.predicates.get(name).cloned().flatten() else { return };
    let Some(Stmt::Expr(answer, None)) = body.stmts.last() else { return };
    let locals = Locals::of(body);
    switch(site, &Frame { locals: &locals, body: range(body), whole: None, error }, answer, sense);
}

/// The private functions of a file that say yes or no.
#[derive(Default)]
struct Predicates<'ast> {
    found: Vec<(&'ast Signature, &'ast Block)>,
}

impl<'ast> Predicates<'ast> {
    fn add(&mut self, visibility: &Visibility, signature: &'ast Signature, body: &'ast Block) {
        let boolean = matches!(&signature.output, ReturnType::Type(_, returned)
            if matches!(&**returned, syn::Type::Path(path) if path.path.is_ident("bool")));
        if boolean && signature.constness.is_none() && matches!(visibility, Visibility::Inherited) {
            self.found.push((signature, body));
        }
    }
}

impl<'ast> Visit<'ast> for Predicates<'ast> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.add(&item.vis, &item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.add(&item.vis, &item.sig, &item.block);
    }
}

struct Files<'w, 'a> {
    site: &'w mut Site<'a>,
    rules: &'w Rules<'w>,
}

impl<'ast> Visit<'ast> for Files<'_, '_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        // Tests, the interface description, software hashing: nothing of the program.
        if !attributes.iter().any(conditional) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if !item.attrs.iter().any(conditional) {
            self.function(&item.sig, &item.block);
        }
    }
}

fn conditional(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}

impl Files<'_, '_> {
    fn function(&mut self, signature: &Signature, body: &Block) {
        let name = signature.ident.to_string();
        let at = range(signature);
        let skip = match self.rules.reached {
            _ if name == "invariant" => Some("the last line behind the rules; unit tests break accounts on purpose"),
            _ if signature.constness.is_some() => Some("a switch cannot be read in a const fn"),
            Some(reached) if !reached.contains(&name) => Some("the program never calls it"),
            _ => None,
        };
        let Some(reason) = skip else { return walk(self.site, self.rules, signature, body) };
        // Mentioned only where there is something to switch.
        let mut unused = Found::default();
        let mut scratch = Site::new(self.site.file, self.site.source, &mut unused);
        walk(&mut scratch, self.rules, signature, body);
        if !unused.guards.is_empty() {
            self.site.leave_out(&at, self.site.of(signature), reason);
        }
    }
}

fn walk(site: &mut Site<'_>, rules: &Rules<'_>, signature: &Signature, body: &Block) {
    let locals = Locals::of(body);
    let name = signature.ident.to_string();
    let (checks, unit) = ((rules.checks)(&name), returns_nothing(signature));
    let mut function = Function { site, rules, locals: &locals, name, body: range(body), unit, checks };
    function.tail(body);
    function.visit_block(body);
}

/// Whether a function gives `Result<()>`.
fn returns_nothing(signature: &Signature) -> bool {
    let ReturnType::Type(_, returned) = &signature.output else { return false };
    let syn::Type::Path(path) = &**returned else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    let first = arguments.args.first();
    last.ident == "Result"
        && matches!(first, Some(syn::GenericArgument::Type(syn::Type::Tuple(nothing))) if nothing.elems.is_empty())
}

struct Function<'w, 'a, 'ast> {
    site: &'w mut Site<'a>,
    rules: &'w Rules<'w>,
    locals: &'w Locals<'ast>,
    name: String,
    body: Range<usize>,
    unit: bool,
    checks: bool,
}

impl<'ast> Function<'_, '_, 'ast> {
    /// A body that ends in a call of another check.
    fn tail(&mut self, body: &Block) {
        if let Some(Stmt::Expr(tail @ (Expr::Call(_) | Expr::MethodCall(_)), None)) = body.stmts.last()
            && self.checks
            && self.unit
        {
            check::tail(self.site, self.locals, tail);
        }
    }

    fn refused(&self, expr: &Expr) -> Option<Option<String>> {
        refusal(self.site, self.locals, expr).map(|name| name.map(str::to_owned))
    }

    /// What a branch refuses with, if it does nothing else.
    fn branch(&self, block: &Block) -> Option<Option<String>> {
        self.refused(only(block)?)
    }

    fn otherwise(&self, choice: &ExprIf) -> Option<Option<String>> {
        let (_, otherwise) = choice.else_branch.as_ref()?;
        self.refused(otherwise)
    }
}

impl<'ast> Visit<'ast> for Function<'_, '_, 'ast> {
    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        match stmt {
            // An inner function has its own names.
            Stmt::Item(_) => return,
            Stmt::Macro(call) => check::require(self.site, call),
            Stmt::Expr(Expr::Try(tried), Some(_)) if self.checks => {
                check::line(self.site, stmt, &tried.expr);
                // The line is switched as a whole; only what its arguments hold is left.
                return visit::visit_expr(self, &tried.expr);
            }
            Stmt::Local(local) => check::let_else(self.site, self.locals, local),
            _ => {}
        }
        visit::visit_stmt(self, stmt);
    }

    fn visit_expr_if(&mut self, choice: &'ast ExprIf) {
        let (then, otherwise) = (self.branch(&choice.then_branch), self.otherwise(choice));
        match (then, otherwise) {
            (Some(error), _) => {
                let whole = choice.else_branch.is_none().then(|| range(choice));
                let frame = Frame { locals: self.locals, body: self.body.clone(), whole, error };
                switch(self.site, &frame, &choice.cond, Sense::Refuses);
            }
            (None, Some(error)) => {
                let frame = Frame { locals: self.locals, body: self.body.clone(), whole: None, error };
                switch(self.site, &frame, &choice.cond, Sense::Accepts);
            }
            (None, None) => {}
        }
        visit::visit_expr_if(self, choice);
    }

    fn visit_expr_match(&mut self, choice: &'ast ExprMatch) {
        arm::switch(self.site, self.locals, choice);
        visit::visit_expr_match(self, choice);
    }

    fn visit_expr_try(&mut self, tried: &'ast syn::ExprTry) {
        if self.checks {
            check::value(self.site, self.locals, &tried.expr);
        }
        visit::visit_expr_try(self, tried);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        if self.rules.rounds {
            rounding::expression(self.site, self.rules.partners, &self.name, expr);
        }
        visit::visit_expr(self, expr);
    }
}
