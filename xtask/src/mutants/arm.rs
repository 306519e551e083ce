//! Arms of a `match` that refuse: with a condition of their own they are passed over, without one they
//! do what a neighbour does that goes on.

use syn::{
    Arm, Expr, ExprMatch, Ident,
    visit::{self, Visit},
};

use super::{
    guard::Kind,
    refusal::{Locals, mentions, refusal},
    site::{Site, range},
};

/// Gives each refusing arm its switch.
pub fn switch(site: &mut Site<'_>, locals: &Locals<'_>, choice: &ExprMatch) {
    for (place, arm) in choice.arms.iter().enumerate() {
        let Some(error) = refusal(site, locals, &arm.body) else { continue };
        let at = range(&arm.body);
        let text = site.of(arm).trim_end_matches(',');
        // Each of the three ways below counts the arm.
        site.covered.push(at.clone());
        if let Some((_, guard)) = &arm.guard {
            if let Some(number) = site.refusal(Kind::Condition, &range(guard), text, error) {
                let guard = range(guard);
                site.edits.surround(guard, format!("crate::mutants::on({number}) && ("), ")");
            }
            continue;
        }
        let instead = match neighbour(site, locals, choice, place) {
            _ if matches!(&*arm.body, Expr::Return(_)) && choice.arms.iter().any(does_nothing) => "{}",
            Some(body) => body,
            None => {
                site.leave_out(&at, text, "no other arm could stand in for it");
                continue;
            }
        };
        if let Some(number) = site.refusal(Kind::Arm, &at, text, error) {
            site.edits.surround(at, format!("{{ if crate::mutants::off({number}) {{ {instead} }} else {{ "), " } }");
        }
    }
}

/// What the nearest arm before, or else after, does that goes on and needs none of its own names.
fn neighbour<'a>(site: &Site<'a>, locals: &Locals<'_>, choice: &ExprMatch, place: usize) -> Option<&'a str> {
    let (before, after) = choice.arms.split_at(place);
    let fits = |arm: &&Arm| refusal(site, locals, &arm.body).is_none() && !uses_its_names(site, arm);
    let found = before.iter().rev().find(fits).or_else(|| after.iter().find(fits))?;
    Some(site.of(&found.body))
}

fn uses_its_names(site: &Site<'_>, arm: &Arm) -> bool {
    let mut names = Names::default();
    names.visit_pat(&arm.pat);
    let body = range(&arm.body);
    names.found.iter().any(|name| mentions(site, &body, name) > 0)
}

/// An arm that lets things go on: nothing, or something remembered.
fn does_nothing(arm: &Arm) -> bool {
    match &*arm.body {
        Expr::Block(block) => block.block.stmts.is_empty(),
        body => matches!(body, Expr::Assign(_)),
    }
}

/// The lower-case words of a pattern: what it may bind.
#[derive(Default)]
struct Names {
    found: Vec<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        let name = ident.to_string();
        if name.starts_with(|c: char| c.is_lowercase() || c == '_') {
            self.found.push(name);
        }
        visit::visit_ident(self, ident);
    }
}
