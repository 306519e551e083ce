//! Conditions that decide whether something is refused, taken apart so that each part has a switch.
//!
//! `if a || b { return Err(..) }` has two: either refuses alone. `if a && b { Ok(..) } else { Err(..) }`
//! has two as well: both are required. A condition that was given a name before is taken apart where
//! it was named, and one that has a function of its own there.

use std::ops::Range;

use syn::{BinOp, Block, Expr, Lit, UnOp};

use super::{
    guard::Kind,
    refusal::{Locals, callee, mentions, only},
    site::{Site, range},
};

/// What follows when a condition holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sense {
    /// The function refuses.
    Refuses,
    /// The function goes on.
    Accepts,
}

/// What the caller of a predicate makes of its answer.
#[derive(Clone)]
pub struct Demand {
    /// What follows when the answer is yes.
    pub sense: Sense,
    /// Where the refusal stands.
    pub refusal: Range<usize>,
    /// The error that it refuses with.
    pub error: Option<String>,
}

/// The surroundings of a condition.
pub struct Frame<'f, 'ast> {
    /// The names bound in the function.
    pub locals: &'f Locals<'ast>,
    /// Where the function's body stands.
    pub body: Range<usize>,
    /// The whole `if`, where it can be skipped: it only refuses, and has no `else`.
    pub whole: Option<Range<usize>>,
    /// Where the refusal stands.
    pub refusal: Range<usize>,
    /// The error that it refuses with.
    pub error: Option<String>,
}

/// Gives each part of a condition its switch.
pub fn switch(site: &mut Site<'_>, frame: &Frame<'_, '_>, condition: &Expr, sense: Sense) {
    match (condition, sense) {
        (Expr::Paren(inner), _) => switch(site, frame, &inner.expr, sense),
        (Expr::Unary(not), Sense::Refuses) if matches!(not.op, UnOp::Not(_)) && opens(frame, &not.expr, site) => {
            switch(site, frame, &not.expr, Sense::Accepts);
        }
        (Expr::Unary(not), Sense::Accepts) if matches!(not.op, UnOp::Not(_)) && opens(frame, &not.expr, site) => {
            switch(site, frame, &not.expr, Sense::Refuses);
        }
        (Expr::Binary(both), _) if splits(&both.op, sense) => {
            switch(site, frame, &both.left, sense);
            switch(site, frame, &both.right, sense);
        }
        (Expr::Match(choice), Sense::Accepts) => {
            choice.arms.iter().for_each(|arm| switch(site, frame, &arm.body, sense));
        }
        (Expr::If(choice), Sense::Accepts) => {
            switch_block(site, frame, &choice.then_branch, sense);
            if let Some((_, otherwise)) = &choice.else_branch {
                switch(site, frame, otherwise, sense);
            }
        }
        (Expr::Block(block), _) if only(&block.block).is_some() => switch_block(site, frame, &block.block, sense),
        (Expr::Lit(literal), _) if matches!(literal.lit, Lit::Bool(_)) => {}
        (Expr::Path(_), _) if opens(frame, condition, site) => {
            if let Some(named) = frame.locals.resolve(condition) {
                switch(site, frame, named, sense);
            }
        }
        _ => match callee(condition).and_then(|name| site.predicates.get_mut(&name)) {
            Some(demand) if site.muted.is_none() => {
                *demand = Some(Demand { sense, refusal: frame.refusal.clone(), error: frame.error.clone() });
            }
            _ => leaf(site, frame, condition, sense),
        },
    }
}

fn switch_block(site: &mut Site<'_>, frame: &Frame<'_, '_>, block: &Block, sense: Sense) {
    if let Some(expr) = only(block) {
        switch(site, frame, expr, sense);
    }
}

fn splits(op: &BinOp, sense: Sense) -> bool {
    match sense {
        Sense::Refuses => matches!(op, BinOp::Or(_)),
        Sense::Accepts => matches!(op, BinOp::And(_)),
    }
}

/// Whether there is something to take apart: parts in parentheses, or behind a name that is used here
/// and nowhere else.
fn opens(frame: &Frame<'_, '_>, expr: &Expr, site: &Site<'_>) -> bool {
    match expr {
        Expr::Paren(_) => true,
        Expr::Path(path) => {
            let once = path.path.get_ident().is_some_and(|name| mentions(site, &frame.body, &name.to_string()) == 2);
            once && frame.locals.resolve(expr).is_some()
        }
        _ => false,
    }
}

fn leaf(site: &mut Site<'_>, frame: &Frame<'_, '_>, condition: &Expr, sense: Sense) {
    let at = range(condition);
    let (source, error) = (site.text(&at), frame.error.as_deref());
    let name = error.unwrap_or("refused");
    let text = match sense {
        Sense::Refuses => format!("{source} → {name}"),
        Sense::Accepts => format!("{source} else {name}"),
    };
    site.covered.push(frame.refusal.clone());
    // A condition with `let` cannot be put in parentheses.
    if binds(condition) && frame.whole.is_none() {
        return site.leave_out(&at, &text, "binds a name that what follows needs");
    }
    let Some(number) = site.refusal(Kind::Condition, &at, &text, error) else { return };
    match (&frame.whole, sense) {
        (Some(whole), _) if binds(condition) => {
            site.edits.surround(whole.clone(), format!("{{ if crate::mutants::on({number}) {{ "), " } }");
        }
        (_, Sense::Refuses) => site.edits.surround(at, format!("(crate::mutants::on({number}) && ("), "))"),
        (_, Sense::Accepts) => site.edits.surround(at, format!("(crate::mutants::off({number}) || ("), "))"),
    }
}

fn binds(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(both) => binds(&both.left) || binds(&both.right),
        _ => false,
    }
}
