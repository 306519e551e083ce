//! The walk over a file's functions, which gives every refusal and every rounding its switch.

use std::{collections::BTreeSet, ops::Range};

use syn::{
    Attribute, Block, Expr, ExprIf, ExprMatch, GenericArgument, ImplItemFn, Item, ItemFn, PathArguments, ReturnType,
    Signature, Stmt, Type, Visibility,
    visit::{self, Visit},
};

use super::{
    arm, check,
    condition::{Demand, Frame, Sense, switch},
    guard::Found,
    partner::Partners,
    refusal::{Locals, names, only, refusal},
    rounding,
    site::{LAST_LINE, Site, range},
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
    let Some(Demand { sense, refusal, error }) = site.predicates.get(name).cloned().flatten() else { return };
    let Some(Stmt::Expr(answer, None)) = body.stmts.last() else { return };
    let locals = Locals::of(body);
    switch(site, &Frame { locals: &locals, body: range(body), whole: None, refusal, error }, answer, sense);
}

/// The private functions of a file that say yes or no.
#[derive(Default)]
struct Predicates<'ast> {
    found: Vec<(&'ast Signature, &'ast Block)>,
}

impl<'ast> Predicates<'ast> {
    fn add(&mut self, visibility: &Visibility, signature: &'ast Signature, body: &'ast Block) {
        let boolean = matches!(&signature.output, ReturnType::Type(_, returned)
            if matches!(&**returned, Type::Path(path) if path.path.is_ident("bool")));
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

/// Whether only some builds have what carries that attribute.
pub fn conditional(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}

impl Files<'_, '_> {
    fn function(&mut self, signature: &Signature, body: &Block) {
        let name = signature.ident.to_string();
        let at = range(signature);
        if name == "invariant" {
            self.site.muted = Some(LAST_LINE);
            walk(self.site, self.rules, signature, body);
            self.site.muted = None;
            return;
        }
        let skip = match self.rules.reached {
            _ if signature.constness.is_some() => Some("a switch cannot be read in a const fn"),
            Some(reached) if !reached.contains(&name) => Some("the program never calls it"),
            _ => None,
        };
        let Some(reason) = skip else { return walk(self.site, self.rules, signature, body) };
        // Mentioned only where there is something to leave out.
        let mut unused = Found::default();
        let mut scratch = Site::new(self.site.file, self.site.source, &mut unused);
        walk(&mut scratch, self.rules, signature, body);
        if unused != Found::default() {
            self.site.leave_out(&at, self.site.of(signature), reason);
            self.site.covered.push(range(body));
        }
    }
}

fn walk(site: &mut Site<'_>, rules: &Rules<'_>, signature: &Signature, body: &Block) {
    let locals = Locals::of(body);
    let name = signature.ident.to_string();
    let checks = (rules.checks)(&name);
    let mut function = Function { site, rules, locals: &locals, name, body: range(body), checks };
    function.tail(body, result_of(signature));
    function.visit_block(body);
}

/// What a function gives in its `Result`.
fn result_of(signature: &Signature) -> Option<&Type> {
    let ReturnType::Type(_, returned) = &signature.output else { return None };
    let Type::Path(path) = &**returned else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(given) => Some(given),
        _ => None,
    }
}

struct Function<'w, 'a, 'ast> {
    site: &'w mut Site<'a>,
    rules: &'w Rules<'w>,
    locals: &'w Locals<'ast>,
    name: String,
    body: Range<usize>,
    checks: bool,
}

impl<'ast> Function<'_, '_, 'ast> {
    /// A body that ends in a call of another check, or in the program in an answer.
    fn tail(&mut self, body: &Block, given: Option<&Type>) {
        let Some(Stmt::Expr(tail, None)) = body.stmts.last() else { return };
        match (given, tail) {
            (Some(Type::Tuple(nothing)), Expr::Call(_) | Expr::MethodCall(_))
                if nothing.elems.is_empty() && (self.checks || check::is_invariant(tail)) =>
            {
                check::tail(self.site, self.locals, tail);
            }
            (Some(Type::Path(answer)), Expr::Call(call))
                if answer.path.is_ident("bool") && self.rules.reached.is_none() && names(&call.func, "Ok") =>
            {
                let (locals, body, refusal) = (self.locals, self.body.clone(), range(&call.func));
                let frame = Frame { locals, body, whole: None, refusal, error: None };
                call.args.iter().for_each(|answer| switch(self.site, &frame, answer, Sense::Accepts));
            }
            _ => {}
        }
    }

    fn refused(&self, expr: &Expr) -> Option<Option<String>> {
        refusal(self.site, self.locals, expr).map(|name| name.map(str::to_owned))
    }

    /// What a branch refuses with, if it does nothing else.
    fn branch(&self, block: &Block) -> Option<(Range<usize>, Option<String>)> {
        Some((range(block), self.refused(only(block)?)?))
    }

    fn otherwise(&self, choice: &ExprIf) -> Option<(Range<usize>, Option<String>)> {
        let (_, otherwise) = choice.else_branch.as_ref()?;
        Some((range(otherwise), self.refused(otherwise)?))
    }
}

impl<'ast> Visit<'ast> for Function<'_, '_, 'ast> {
    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        match stmt {
            // An inner function has its own names.
            Stmt::Item(_) => return,
            Stmt::Macro(call) => check::require(self.site, call),
            Stmt::Expr(Expr::Try(tried), Some(_)) if self.checks || check::is_invariant(&tried.expr) => {
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
        let then = self.branch(&choice.then_branch).map(|refused| (refused, Sense::Refuses));
        let refused = then.or_else(|| Some((self.otherwise(choice)?, Sense::Accepts)));
        if let Some(((refusal, error), sense)) = refused {
            let skipped = sense == Sense::Refuses && choice.else_branch.is_none();
            let whole = skipped.then(|| range(choice));
            let frame = Frame { locals: self.locals, body: self.body.clone(), whole, refusal, error };
            switch(self.site, &frame, &choice.cond, sense);
        }
        visit::visit_expr_if(self, choice);
    }

    fn visit_expr_match(&mut self, choice: &'ast ExprMatch) {
        arm::switch(self.site, self.locals, choice);
        visit::visit_expr_match(self, choice);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        if let Expr::MethodCall(call) = expr {
            check::value(self.site, self.locals, call, self.checks);
        }
        if self.rules.rounds {
            rounding::expression(self.site, self.rules.partners, &self.name, expr);
        }
        visit::visit_expr(self, expr);
    }
}
