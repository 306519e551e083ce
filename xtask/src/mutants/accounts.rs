//! The accounts of an instruction: each attribute that checks something becomes a `constraint` with a
//! switch, and each type that checks a signature or a program becomes one that can be told not to.
//!
//! Anchor checks types first, then for each account its derived address, what it names, its own
//! constraints and its fixed address. The rewritten attributes keep that order and every error.
//!
//! Deliberately absent: `mut`, which the runtime insists on anyway, and the owner and the discriminator
//! that all other types check: that is Anchor's reading of an account, which the copy takes as it is.

mod attribute;
mod bump;

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use syn::{
    Attribute, Field, Fields, GenericArgument, Item, ItemStruct, PathArguments, Type, punctuated::Punctuated,
    token::Comma,
};

use self::{attribute::Part, bump::Bump};
use super::{
    guard::Kind,
    site::{Site, range},
};

/// Accounts that `#[event_cpi]` adds at the end.
const EVENT_ACCOUNTS: usize = 2;

/// Why the seeds of an account that the instruction makes have no switch.
const MADE: &str =
    "Anchor derives and checks the address in the code that makes the account: nothing of ours to switch";

/// Instruments every `#[derive(Accounts)]` of a file.
pub fn file(site: &mut Site<'_>, syntax: &syn::File) -> anyhow::Result<()> {
    for item in &syntax.items {
        let Item::Struct(accounts) = item else { continue };
        if accounts.attrs.iter().any(|attribute| derives(attribute, "Accounts")) {
            let found = structure(site, accounts).with_context(|| format!("{}: {}", site.file, accounts.ident))?;
            bump::rewrite(site, syntax, accounts, &found);
        }
    }
    Ok(())
}

fn structure(site: &mut Site<'_>, accounts: &ItemStruct) -> anyhow::Result<Vec<Bump>> {
    let Fields::Named(fields) = &accounts.fields else { bail!("has no named fields") };
    let event = if accounts.attrs.iter().any(|found| found.path().is_ident("event_cpi")) { EVENT_ACCOUNTS } else { 0 };
    let count = fields.named.len() + event;
    let (mut bumps, mut checked) = (Vec::new(), String::new());
    for (place, field) in fields.named.iter().enumerate() {
        let left = count - place;
        if let Some(entry) = by_type(site, field)? {
            checked.push_str(&format!("({left}, {entry}), "));
        }
        for attribute in field.attrs.iter().filter(|found| found.path().is_ident("account")) {
            bumps.extend(constraints(site, field, attribute)?);
        }
    }
    let (name, end) = (&accounts.ident, site.source.len());
    site.edits.insert(
        end,
        format!(
            "\nimpl crate::mutants::Checked for {name}Bumps {{ const CHECKED: \
             &'static [(usize, crate::mutants::Check)] = &[{checked}]; }}\n"
        ),
    );
    Ok(bumps)
}

/// The switch of a type that checks, as an entry of the list of its struct.
fn by_type(site: &mut Site<'_>, field: &Field) -> anyhow::Result<Option<String>> {
    let Type::Path(path) = &field.ty else { return Ok(None) };
    let Some(last) = path.path.segments.last() else { return Ok(None) };
    let (at, text) = (range(field), format!("{}: {}", name(field), site.of(&field.ty)));
    match last.ident.to_string().as_str() {
        "Signer" => {
            let number = site.guard(Kind::Signer, &range(&field.ty), &text);
            Ok(number.map(|number| format!("crate::mutants::Check::Signer({number})")))
        }
        "Program" => {
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return Ok(None) };
            let Some(GenericArgument::Type(program)) = arguments.args.last() else { return Ok(None) };
            let id = format!("<{} as anchor_lang::Id>::id", site.of(program));
            let Some(number) = site.guard(Kind::Program, &range(&field.ty), &text) else { return Ok(None) };
            // Anchor's derive knows its types by name, and writes this one's without a path.
            site.edits.replace(range(&field.ty), "SystemAccount<'info>");
            Ok(Some(format!("crate::mutants::Check::Program({number}, {id})")))
        }
        "SystemAccount" => bail!("line of byte {}: the instrumented copy uses the name SystemAccount itself", at.start),
        _ => Ok(None),
    }
}

fn constraints(site: &mut Site<'_>, field: &Field, attribute: &Attribute) -> anyhow::Result<Option<Bump>> {
    let parts = attribute.parse_args_with(Punctuated::<Part, Comma>::parse_terminated)?;
    let parts: BTreeMap<usize, Part> = parts.into_iter().enumerate().collect();
    let named = |wanted: &'static str| parts.values().filter(move |part| part.name == wanted);
    let made = named("init").chain(named("init_if_needed")).next().is_some();
    let account = name(field);
    let mut kept: Vec<String> = Vec::new();
    let mut first = Vec::new();
    let (mut has_one, mut own, mut fixed) = (Vec::new(), Vec::new(), Vec::new());
    // Anchor looks up the bump of what it makes, and of what names none.
    let looked_up = named("seeds").next().is_some() && (made || named("bump").any(|part| part.value.is_none()));
    let mut bump_from = looked_up.then(|| Bump::Kept(account.clone()));
    for part in parts.values() {
        let (at, value) = (part.range(), part.value.as_ref().map(|value| site.of(value)).unwrap_or_default());
        let text = format!("{account}: {}", site.text(&at));
        match part.name.as_str() {
            "seeds" if !made => {
                let bump = named("bump").next().context("has seeds and no bump")?.value.as_ref();
                let program = named("seeds::program").next().and_then(|part| part.value.as_ref());
                let program = program.map_or("crate::ID".to_owned(), |value| site.of(value).to_owned());
                let bump = bump.map(|value| site.of(value));
                let text = format!("{account}: seeds = {value}");
                let Some(number) = site.guard(Kind::Seeds, &at, &text) else {
                    kept.extend([site.text(&at).to_owned(), bump_as_it_was(bump)]);
                    kept.extend(named("seeds::program").map(|part| site.text(&part.range()).to_owned()));
                    continue;
                };
                first.push(seeds(number, &account, value, bump, &program));
                if bump.is_none() {
                    let (name, seeds) = (account.clone(), value.to_owned());
                    bump_from = Some(Bump::Derived { name, seeds, at, program });
                }
            }
            "seeds" => {
                site.leave_out(&at, &text, MADE);
                kept.push(site.text(&at).to_owned());
            }
            "bump" | "seeds::program" if !made => {}
            "has_one" => {
                let check = format!("{account}.{value} == {value}.key()");
                // Derived from that very account: the seeds refuse first, with an error of their own.
                let number = if named("seeds").any(|seeds| holds_key(site, seeds, value)) {
                    site.leave_out(&at, &text, "the seeds of the same account hold that key and refuse first");
                    None
                } else {
                    site.guard(Kind::Constraint, &at, &text)
                };
                has_one.push(constraint(site, number, &check, part, "ConstraintHasOne"));
            }
            "constraint" => {
                let number = site.guard(Kind::Constraint, &at, &text);
                own.push(constraint(site, number, value, part, "ConstraintRaw"));
            }
            "address" => {
                let (check, number) = (format!("{account}.key() == {value}"), site.guard(Kind::Constraint, &at, &text));
                fixed.push(constraint(site, number, &check, part, "ConstraintAddress"));
            }
            "owner" | "signer" | "executable" | "token" | "mint" | "associated_token" => {
                bail!("{account}: `{}` has no switch yet; teach xtask/src/mutants/accounts.rs", part.name)
            }
            _ => kept.push(site.text(&at).to_owned()),
        }
    }
    kept.extend(first.into_iter().chain(has_one).chain(own).chain(fixed));
    site.edits.replace(range(attribute), format!("#[account({})]", kept.join(", ")));
    Ok(bump_from)
}

/// Whether an account's seeds hold the key of another.
fn holds_key(site: &Site<'_>, seeds: &Part, account: &str) -> bool {
    let key = format!("{account}.key()");
    seeds
        .value
        .as_ref()
        .is_some_and(|list| site.of(list).split([' ', ',', '[', ']', '\n']).any(|seed| seed.starts_with(&key)))
}

fn bump_as_it_was(bump: Option<&str>) -> String {
    bump.map_or("bump".to_owned(), |value| format!("bump = {value}"))
}

/// Whether the account stands at the address that its seeds and its bump derive.
fn seeds(number: u32, account: &str, seeds: &str, bump: Option<&str>, program: &str) -> String {
    let list = seeds.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(seeds);
    let list = list.trim().trim_end_matches(',');
    let list = if list.is_empty() { String::new() } else { format!("{list}, ") };
    let derived = match bump {
        Some(bump) => format!("Pubkey::create_program_address(&[{list}&[{bump}][..]], &{program}).ok()"),
        None => format!("Some(Pubkey::find_program_address(&[{list}], &{program}).0)"),
    };
    format!(
        "constraint = crate::mutants::off({number}) || {derived} == Some({account}.key()) \
         @ anchor_lang::error::ErrorCode::ConstraintSeeds"
    )
}

/// A check in Anchor's words: every one is written as a constraint, with a switch or without, so that
/// they keep their order.
fn constraint(site: &Site<'_>, number: Option<u32>, check: &str, part: &Part, default: &str) -> String {
    let error = part.error.as_ref().map(|error| site.of(error).to_owned());
    let error = error.unwrap_or_else(|| format!("anchor_lang::error::ErrorCode::{default}"));
    let switch = number.map(|number| format!("crate::mutants::off({number}) || ")).unwrap_or_default();
    format!("constraint = {switch}({check}) @ {error}")
}

fn derives(attribute: &Attribute, name: &str) -> bool {
    let mut found = false;
    // A derive that does not parse is the compiler's to report.
    let _ = attribute.parse_nested_meta(|meta| {
        found |= meta.path.is_ident(name);
        Ok(())
    });
    attribute.path().is_ident("derive") && found
}

fn name(field: &Field) -> String {
    field.ident.as_ref().map(ToString::to_string).unwrap_or_default()
}
