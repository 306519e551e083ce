//! Handlers take bumps from `ctx.bumps`. Where a constraint with a switch checks an address, Anchor no
//! longer looks its bump up: a struct of ours, with every bump there was, stands in for Anchor's.

use std::ops::Range;

use syn::{
    Expr, ExprField, Ident, ItemStruct, Member,
    visit::{self, Visit},
};

use crate::mutants::{
    refusal::mentions,
    site::{Site, range},
};

/// Where a bump comes from.
pub enum Bump {
    /// Anchor keeps it.
    Kept(String),
    /// A constraint checks the address now.
    Derived {
        /// The account.
        name: String,
        /// The list of its seeds, in brackets.
        seeds: String,
        /// Where the seeds stand.
        at: Range<usize>,
        /// Whose address it is.
        program: String,
    },
}

impl Bump {
    fn name(&self) -> &str {
        match self {
            Self::Kept(name) | Self::Derived { name, .. } => name,
        }
    }
}

/// Rewrites the uses of a struct's bumps in its file.
pub fn rewrite(site: &mut Site<'_>, syntax: &syn::File, accounts: &ItemStruct, bumps: &[Bump]) {
    if bumps.iter().all(|bump| matches!(bump, Bump::Kept(_))) {
        return;
    }
    let (theirs, ours) = (format!("{}Bumps", accounts.ident), format!("{}AllBumps", accounts.ident));
    let mut uses = Uses { name: &theirs, named: Vec::new(), taken: Vec::new() };
    uses.visit_file(syntax);
    if uses.taken.is_empty() {
        return;
    }
    for at in uses.named {
        site.edits.replace(at, ours.clone());
    }
    let values = bumps.iter().map(|bump| format!("{}: {}, ", bump.name(), value(site, accounts, bump)));
    let values = format!("({ours} {{ {}}})", values.collect::<String>());
    for at in uses.taken {
        site.edits.replace(at, values.clone());
    }
    let fields = bumps.iter().map(|bump| format!("{}: u8, ", bump.name())).collect::<String>();
    site.edits.insert(site.source.len(), format!("\n#[derive(Clone, Copy)]\npub struct {ours} {{ {fields}}}\n"));
}

fn value(site: &Site<'_>, accounts: &ItemStruct, bump: &Bump) -> String {
    let Bump::Derived { seeds, at, program, .. } = bump else { return format!("ctx.bumps.{}", bump.name()) };
    let fields = accounts.fields.iter().filter_map(|field| field.ident.as_ref()).map(ToString::to_string);
    let named: String = fields.filter(|name| mentions(site, at, name) > 0).map(|name| format!("{name}, ")).collect();
    let name = &accounts.ident;
    format!("{{ let {name} {{ {named}.. }} = &*ctx.accounts; Pubkey::find_program_address(&{seeds}, &{program}).1 }}")
}

struct Uses<'n> {
    name: &'n str,
    /// Where the struct is named.
    named: Vec<Range<usize>>,
    /// Where `ctx.bumps` stands.
    taken: Vec<Range<usize>>,
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        if ident == self.name {
            self.named.push(range(ident));
        }
    }

    fn visit_expr_field(&mut self, access: &'ast ExprField) {
        let of_context = matches!(&*access.base, Expr::Path(path) if path.path.is_ident("ctx"));
        if of_context && matches!(&access.member, Member::Named(member) if member == "bumps") {
            self.taken.push(range(access));
        }
        visit::visit_expr_field(self, access);
    }
}
