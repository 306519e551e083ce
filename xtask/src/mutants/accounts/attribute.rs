//! The parts of `#[account(..)]`: `name`, `name = value` or `name = value @ error`.

use std::ops::Range;

use syn::{
    Expr, Ident, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    spanned::Spanned,
};

/// One part.
pub struct Part {
    /// Its name, with `::` in it if it is of two words.
    pub name: String,
    /// What stands behind `=`.
    pub value: Option<Expr>,
    /// What stands behind `@`.
    pub error: Option<Expr>,
    at: Range<usize>,
}

impl Part {
    /// Where it stands, error included.
    pub fn range(&self) -> Range<usize> {
        self.at.clone()
    }
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let first = input.call(Ident::parse_any)?;
        let (mut name, mut end) = (first.to_string(), first.span().byte_range().end);
        if input.peek(Token![::]) {
            input.parse::<Token![::]>()?;
            let second = input.call(Ident::parse_any)?;
            name = format!("{name}::{second}");
            end = second.span().byte_range().end;
        }
        let mut behind = |expr: Expr| {
            end = expr.span().byte_range().end;
            expr
        };
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(behind(input.parse()?))
        } else {
            None
        };
        let error = if input.peek(Token![@]) {
            input.parse::<Token![@]>()?;
            Some(behind(input.parse()?))
        } else {
            None
        };
        Ok(Self { name, value, error, at: first.span().byte_range().start..end })
    }
}
