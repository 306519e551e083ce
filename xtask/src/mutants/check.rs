//! Lines that only check, and values that are refused when they are missing or wrong.

use syn::{Expr, ExprMethodCall, Local, Stmt, StmtMacro};

use super::{
    guard::Kind,
    refusal::{Locals, callee, error, names, refusal},
    site::{LAST_LINE, Site, range},
};

/// Turns a result around without changing who refused.
const ADAPTERS: [&str; 3] = ["map_err", "ok_or", "ok_or_else"];

/// `require!(..)` and its kin.
pub fn require(site: &mut Site<'_>, call: &StmtMacro) {
    let name = call.mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    if !name.starts_with("require") {
        return;
    }
    let at = range(call);
    let (text, error) = (site.text(&at), site.error_in(&at));
    if let Some(number) = site.refusal(Kind::Line, &at, text, error) {
        site.edits.surround(at, format!("if crate::mutants::on({number}) {{ "), " }");
    }
}

/// Whether an expression asks for an account's invariant.
pub fn is_invariant(call: &Expr) -> bool {
    checked_by(call).as_deref() == Some("invariant")
}

/// `check(..)?;`, whose value nobody takes.
pub fn line(site: &mut Site<'_>, stmt: &Stmt, call: &Expr) {
    let at = range(stmt);
    let text = site.text(&at);
    if is_invariant(call) {
        return site.leave_out(&at, text, LAST_LINE);
    }
    if let Some(number) = site.guard(Kind::Line, &at, text) {
        site.edits.surround(at, format!("if crate::mutants::on({number}) {{ "), " }");
    }
}

/// A check that a function ends in.
pub fn tail(site: &mut Site<'_>, locals: &Locals<'_>, call: &Expr) {
    if checked_by(call).as_deref() == Some("Ok") || refusal(site, locals, call).is_some() {
        return;
    }
    let at = range(call);
    let text = site.text(&at);
    if is_invariant(call) {
        return site.leave_out(&at, text, LAST_LINE);
    }
    if let Some(number) = site.guard(Kind::Line, &at, text) {
        site.edits.surround(at, format!("if crate::mutants::off({number}) {{ Ok(()) }} else {{ "), " }");
    }
}

/// `value.ok_or(E)` and `value.map_err(|_| E)`, wherever they stand; in a function of checks also
/// `value.map_err(MiraError::from)`, which passes on what core refused.
pub fn value(site: &mut Site<'_>, locals: &Locals<'_>, call: &ExprMethodCall, checks: bool) {
    let (Some(argument), true) = (call.args.first(), ADAPTERS.iter().any(|name| call.method == name)) else { return };
    let (at, name) = (range(call), error(site, locals, argument));
    let passed_on = checks && names(argument, "from");
    // A tail that only checks has its switch.
    if site.covered.contains(&at) || !(name.is_some() || passed_on) {
        return;
    }
    let text = site.text(&at);
    if let Some(number) = site.refusal(Kind::Value, &at, text, name) {
        let refused = format!("crate::mutants::Refused::new({number}, ");
        match typed_from_outside(&call.receiver) {
            true => site.edits.surround(at, refused, ").or_abort()"),
            false => site.edits.surround(at, format!("(&&{refused}"), ")).or_default()"),
        }
    }
}

/// Whether the compiler learns a value's type from what follows it: too late to look for a default.
fn typed_from_outside(value: &Expr) -> bool {
    let Expr::MethodCall(call) = value else { return false };
    call.turbofish.is_none() && ["try_into", "parse"].iter().any(|name| call.method == name)
}

/// `let .. else { return Err(..) };`, which leaves nothing to go on with.
pub fn let_else(site: &mut Site<'_>, locals: &Locals<'_>, local: &Local) {
    let diverges = local.init.as_ref().and_then(|init| init.diverge.as_ref());
    let Some((_, otherwise)) = diverges else { return };
    if refusal(site, locals, otherwise).is_some() {
        site.leave_out(&range(local), site.of(local), "binds a name that what follows needs");
    }
}

/// The name of the function that is called, behind those that only turn its result around.
fn checked_by(call: &Expr) -> Option<String> {
    match call {
        Expr::MethodCall(call) if ADAPTERS.iter().any(|name| call.method == name) => checked_by(&call.receiver),
        _ => callee(call),
    }
}
