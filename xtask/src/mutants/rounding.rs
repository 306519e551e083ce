//! Roundings and limits: which way an amount is rounded, and what it is held under.

use syn::{BinOp, Expr, ExprBinary, ExprCall, ExprMethodCall, Lit};

use super::{
    edit::Edits,
    guard::Kind,
    partner::Partners,
    site::{Site, range},
};

/// Methods of one argument, and what is switched with them.
const METHODS: [(&str, Kind); 4] =
    [("div_ceil", Kind::Rounding), ("checked_div", Kind::Rounding), ("min", Kind::Limit), ("max", Kind::Limit)];

/// How a number turns a rounding or lifts a limit.
pub struct Turn<'e> {
    /// Which of the two.
    pub kind: Kind,
    how: How<'e>,
}

enum How<'e> {
    /// The method is called by another name, with the number before its arguments.
    Method(&'e ExprMethodCall),
    /// Both sides stay where they are; the operator becomes a method of that name.
    Operator(&'e ExprBinary, &'static str),
    /// Another function may be called.
    Partner(&'e Expr, String),
    /// The argument that says which way becomes its opposite: `true` or `false`.
    Argument(&'e Expr, bool),
    /// The same for a variant; this is the name of its opposite.
    Variant(&'e Expr, &'static str),
}

/// Gives an expression its switch if it rounds or limits; `function` is the one it stands in, whose name
/// says whether a shift is a division.
pub fn expression(site: &mut Site<'_>, partners: &Partners, function: &str, expr: &Expr) {
    let Some(turn) = Turn::of(partners, function, expr) else { return };
    let at = range(expr);
    if let Some(number) = site.guard(turn.kind, &at, site.text(&at)) {
        turn.apply(&mut site.edits, site.source, &number.to_string());
    }
}

impl<'e> Turn<'e> {
    /// What can be done about an expression.
    pub fn of(partners: &Partners, function: &str, expr: &'e Expr) -> Option<Self> {
        let rounding = |how| Some(Self { kind: Kind::Rounding, how });
        match expr {
            Expr::MethodCall(call) => {
                let found = METHODS.iter().find(|(name, _)| call.method == name && call.args.len() == 1);
                let own = || partners.is_method(&call.method.to_string()).then_some(Kind::Rounding);
                let kind = found.map(|(_, kind)| *kind).or_else(own)?;
                Some(Self { kind, how: How::Method(call) })
            }
            Expr::Binary(both) => match &both.op {
                BinOp::Div(_) => rounding(How::Operator(both, "mutant_quotient")),
                BinOp::Shr(_) if function.ends_with("_floor") || function.ends_with("_ceil") => {
                    rounding(How::Operator(both, "mutant_shifted"))
                }
                _ => None,
            },
            Expr::Call(call) => rounding(free(partners, call)?),
            _ => None,
        }
    }

    /// Puts the switch of that number in.
    pub fn apply(&self, edits: &mut Edits, source: &str, number: &str) {
        let off = format!("crate::mutants::off({number})");
        match &self.how {
            How::Method(call) => {
                edits.replace(range(&call.method), format!("mutant_{}", call.method));
                if let Some(argument) = call.args.first() {
                    edits.insert(range(argument).start, format!("{number}, "));
                }
            }
            How::Operator(both, name) => {
                let op = range(&both.op);
                edits.surround(range(&both.left).start..op.start, "(", ")");
                edits.replace(op, format!(".{name}({number}, "));
                edits.surround(range(&both.right), "", ")");
            }
            How::Partner(function, other) => {
                edits.surround(range(function), format!("(if {off} {{ {other} }} else {{ "), " })");
            }
            How::Argument(argument, up) => {
                let flipped = if *up { "on" } else { "off" };
                edits.replace(range(argument), format!("crate::mutants::{flipped}({number})"));
            }
            How::Variant(argument, other) => {
                let variant = source.get(range(argument)).unwrap_or_default();
                let parent = variant.rsplit_once("::").map_or("", |(parent, _)| parent);
                edits.surround(range(argument), format!("if {off} {{ {parent}::{other} }} else {{ "), " }");
            }
        }
    }
}

fn free<'e>(partners: &Partners, call: &'e ExprCall) -> Option<How<'e>> {
    let Expr::Path(path) = &*call.func else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    if let Some(other) = partners.other(&name) {
        return Some(How::Partner(&call.func, other.to_owned()));
    }
    match call.args.get(partners.direction(&name)?)? {
        argument @ Expr::Lit(literal) => match &literal.lit {
            Lit::Bool(up) => Some(How::Argument(argument, up.value)),
            _ => None,
        },
        argument @ Expr::Path(path) => match path.path.segments.last()?.ident.to_string().as_str() {
            "Up" => Some(How::Variant(argument, "Down")),
            "Down" => Some(How::Variant(argument, "Up")),
            _ => None,
        },
        _ => None,
    }
}
