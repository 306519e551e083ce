//! Lines that only check, and values that are refused when they are missing or wrong.

use syn::{Expr, Local, Stmt, StmtMacro};

use super::{
    guard::Kind,
    refusal::{Locals, callee, error, refusal},
    site::{Site, range},
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

/// `check(..)?;`, whose value nobody takes.
pub fn line(site: &mut Site<'_>, stmt: &Stmt, call: &Expr) {
    let at = range(stmt);
    let text = site.text(&at);
    if checked_by(call).as_deref() == Some("invariant") {
        return site.leave_out(&at, text, "the last line behind the rules; unit tests break accounts on purpose");
    }
    if let Some(number) = site.guard(Kind::Line, &at, text) {
        site.edits.surround(at, format!("if crate::mutants::on({number}) {{ "), " }");
    }
}

/// A check that a function of checks ends in.
pub fn tail(site: &mut Site<'_>, locals: &Locals<'_>, call: &Expr) {
    let name = checked_by(call).unwrap_or_default();
    if name == "Ok" || name == "invariant" || refusal(site, locals, call).is_some() {
        return;
    }
    let at = range(call);
    let text = site.text(&at);
    if let Some(number) = site.guard(Kind::Line, &at, text) {
        site.edits.surround(at, format!("if crate::mutants::off({number}) {{ Ok(()) }} else {{ "), " }");
    }
}

/// `value.ok_or(E)?` and `value.map_err(|_| E)?`.
pub fn value(site: &mut Site<'_>, locals: &Locals<'_>, tried: &Expr) {
    let Expr::MethodCall(call) = tried else { return };
    let (Some(argument), true) = (call.args.first(), ADAPTERS.iter().any(|name| call.method == name)) else { return };
    let Some(name) = error(site, locals, argument) else { return };
    let at = range(tried);
    let text = site.text(&at);
    if let Some(number) = site.refusal(Kind::Value, &at, text, Some(name)) {
        site.edits.surround(at, format!("(&&crate::mutants::Refused::new({number}, "), ")).or_default()");
    }
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
