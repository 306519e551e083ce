//! Small sources in, instrumented text out: one test for each kind of guard.

use super::{guard::Kind, scan::instrument};

/// The instrumented text of one file, without the line that imports the switches, and what was found.
struct Out {
    text: String,
    kinds: Vec<Kind>,
    texts: Vec<String>,
    left_out: Vec<String>,
}

fn out(path: &str, source: &str, beside: &[(&str, &str)]) -> Out {
    let mut sources = vec![(path.to_owned(), source.to_owned())];
    sources.extend(beside.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let scan = instrument(sources).unwrap();
    let (_, text) = scan.files.iter().find(|(found, _)| found == path).unwrap();
    let lines = text.lines().filter(|line| !line.contains("crate::mutants::{") && !line.contains("unused_imports"));
    Out {
        text: lines.collect::<Vec<_>>().join("\n"),
        kinds: scan.found.guards.iter().map(|guard| guard.kind).collect(),
        texts: scan.found.guards.iter().map(|guard| guard.text.clone()).collect(),
        left_out: scan.found.left_out.iter().map(|left| format!("{}: {}", left.text, left.reason)).collect(),
    }
}

/// A file of core, all of whose functions the program calls.
fn core(source: &str) -> Out {
    let names = source.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
    let calls: String = names.map(|name| format!("{name}(); ")).collect();
    out("crates/core/src/rule.rs", source, &[("programs/mira/src/main.rs", &format!("fn main() {{ {calls} }}"))])
}

fn program(source: &str) -> Out {
    out("programs/mira/src/instructions/job/go.rs", source, &[])
}

#[test]
fn each_alternative_of_a_refusal_has_a_switch() {
    let found = core("fn go(a: u8) -> Result<u8> { if a == 0 || a > 9 { return Err(Error::Bad); } Ok(a) }");
    assert_eq!(
        found.text,
        "fn go(a: u8) -> Result<u8> { if (crate::mutants::on(1) && (a == 0)) || (crate::mutants::on(2) && (a > 9)) \
         { return Err(Error::Bad); } Ok(a) }"
    );
    assert_eq!(found.kinds, [Kind::Condition, Kind::Condition]);
    assert_eq!(found.texts, ["a == 0 → Bad", "a > 9 → Bad"]);
}

#[test]
fn each_part_of_a_requirement_has_a_switch_where_it_was_named() {
    let found = core("fn go() -> Result<()> { let ok = a && !b; if ok && c { Ok(()) } else { Err(Error::Bad) } }");
    assert_eq!(
        found.text,
        "fn go() -> Result<()> { let ok = (crate::mutants::off(1) || (a)) && (crate::mutants::off(2) || (!b)); \
         if ok && (crate::mutants::off(3) || (c)) { Ok(()) } else { Err(Error::Bad) } }"
    );
    // A name that is used twice is taken as it is.
    let found = core("fn go() -> Result<bool> { let ok = a && b; if !ok { return Err(Error::Bad); } Ok(ok) }");
    assert_eq!(found.texts, ["!ok → Bad"]);
}

#[test]
fn a_predicate_with_one_caller_is_taken_apart_where_it_stands() {
    let go = "fn go() -> Result<()> { if self.holds() && seen(1) { Ok(()) } else { Err(Error::Bad) } }";
    let found =
        core(&format!("{go} fn holds() -> bool {{ let b = c; a && b }} pub fn seen(n: u8) -> bool {{ n && d }}"));
    assert_eq!(
        found.text,
        "fn go() -> Result<()> { if self.holds() && (crate::mutants::off(1) || (seen(1))) \
         { Ok(()) } else { Err(Error::Bad) } } \
         fn holds() -> bool { let b = (crate::mutants::off(3) || (c)); (crate::mutants::off(2) || (a)) && b } \
         pub fn seen(n: u8) -> bool { n && d }"
    );
}

#[test]
fn a_condition_that_binds_is_skipped_as_a_whole() {
    let found = core("fn go() -> Result<u8> { if let Some(x) = a && x > 1 { return Err(Error::Bad); } Ok(1) }");
    assert_eq!(
        found.text,
        "fn go() -> Result<u8> { { if crate::mutants::on(1) { if let Some(x) = a && x > 1 { return Err(Error::Bad); } \
         } } Ok(1) }"
    );
}

#[test]
fn arms_are_passed_over_or_do_what_their_neighbour_does() {
    let found = core(
        "fn go() -> Result<u8> { match a { 0 if b => Err(Error::Bad), 0 => Ok(7), n => Err(Error::Bad), } } \
         fn none() -> Result<u8> { let no = Err(Error::Bad); match a { Some(n) => Ok(n), None => no } }",
    );
    assert_eq!(
        found.text,
        "fn go() -> Result<u8> { match a { 0 if crate::mutants::on(1) && (b) => Err(Error::Bad), 0 => Ok(7), \
         n => { if crate::mutants::off(2) { Ok(7) } else { Err(Error::Bad) } }, } } \
         fn none() -> Result<u8> { let no = Err(Error::Bad); match a { Some(n) => Ok(n), None => no } }"
    );
    assert_eq!(found.left_out, ["None => no: no other arm could stand in for it"]);
    let found =
        core("fn go() -> Result<()> { for b in c { match b { 0 => {} _ => return Err(Error::Bad), } } Ok(()) }");
    assert!(found.text.contains("_ => { if crate::mutants::off(1) { {} } else { return Err(Error::Bad) } },"));
}

#[test]
fn lines_that_only_check_are_skipped() {
    let found = core("fn go() -> Result<()> { check(a)?; x.invariant()?; let b = c()?; last(b) }");
    assert_eq!(
        found.text,
        "fn go() -> Result<()> { if crate::mutants::on(2) { check(a)?; } x.invariant()?; let b = c()?; \
         if crate::mutants::off(1) { Ok(()) } else { last(b) } }"
    );
    assert_eq!(found.left_out.len(), 1);
    let found =
        program("impl Go { fn validate(&self) -> Result<()> { require!(a, MiraError::Bad); check(b)?; Ok(()) } }");
    assert_eq!(
        found.text,
        "impl Go { fn validate(&self) -> Result<()> { if crate::mutants::on(1) { require!(a, MiraError::Bad); } \
         if crate::mutants::on(2) { check(b)?; } Ok(()) } }"
    );
    // Lines of a handler do something.
    let found = program("impl Go { fn handle(&self) -> Result<()> { pay(b)?; close(c) } }");
    assert!(found.kinds.is_empty());
}

#[test]
fn a_refused_value_becomes_the_default() {
    let found = core("fn go() -> Result<u8> { let no = Error::MathOverflow; Ok(a.ok_or(Error::Bad)? + b.ok_or(no)?) }");
    assert_eq!(
        found.text,
        "fn go() -> Result<u8> { let no = Error::MathOverflow; \
         Ok((&&crate::mutants::Refused::new(1, a.ok_or(Error::Bad))).or_default()? + b.ok_or(no)?) }"
    );
    assert_eq!(found.left_out, ["b.ok_or(no): a sum that does not fit is not a rule"]);
}

#[test]
fn a_value_is_refused_wherever_it_stands() {
    let refused = |number, value| format!("(&&crate::mutants::Refused::new({number}, {value})).or_default()");
    let found = program(
        "fn rate(n: u16) -> Result<Bps> { let of = |n| Bps::new(n).ok_or(MiraError::Bad); one.ok_or(error!(MiraError::No)) }",
    );
    let (of, one) = (refused(1, "Bps::new(n).ok_or(MiraError::Bad)"), refused(2, "one.ok_or(error!(MiraError::No))"));
    assert_eq!(found.text, format!("fn rate(n: u16) -> Result<Bps> {{ let of = |n| {of}; {one} }}"));
    // Here the type is known too late to look for a default.
    let found = core("fn go() -> Result<u8> { let b: u8 = a.try_into().map_err(|_| Error::Bad)?; Ok(b) }");
    assert!(
        found.text.contains("= crate::mutants::Refused::new(1, a.try_into().map_err(|_| Error::Bad)).or_abort()?;")
    );
    // What a check passes on of core is refused by it; what a handler passes on was done by core.
    let passed_on = "Tier::try_from(a).map_err(MiraError::from)";
    let found = program(&format!("fn validate_tier(a: u8) -> Result<Tier> {{ Ok({passed_on}?) }}"));
    assert_eq!(found.text, format!("fn validate_tier(a: u8) -> Result<Tier> {{ Ok({}?) }}", refused(1, passed_on)));
    assert!(program(&format!("fn handle(a: u8) -> Result<Tier> {{ Ok({passed_on}?) }}")).kinds.is_empty());
}

#[test]
fn an_answer_of_the_program_is_taken_apart() {
    let found = program("fn may(a: u8) -> Result<bool> { if a { return Ok(false); } Ok(b && c) }");
    assert_eq!(
        found.text,
        "fn may(a: u8) -> Result<bool> { if (crate::mutants::on(3) && (a)) { return Ok(false); } \
         Ok((crate::mutants::off(1) || (b)) && (crate::mutants::off(2) || (c))) }"
    );
}

#[test]
fn invariants_and_the_text_of_macros_are_left_out_place_by_place() {
    let found = program(
        "impl Job { fn invariant(&self) -> Result<()> { require!(a, MiraError::InvariantBroken); checked(b) } \
         fn apply(&mut self) -> Result<()> { c.invariant()?; self.invariant() } }",
    );
    let last = "the last line behind the rules; unit tests break accounts on purpose";
    let lines = ["checked(b)", "require!(a, MiraError::InvariantBroken);", "self.invariant()", "c.invariant()?;"];
    assert!(found.kinds.is_empty());
    assert_eq!(found.left_out, lines.map(|line| format!("{line}: {last}")));
    let found = core("macro_rules! few {\n    () => {\n        _ => Err(Error::$bad),\n    };\n}\nfn go() {}");
    assert_eq!(found.left_out.len(), 1);
    assert!(found.left_out[0].starts_with("_ => Err(Error::$bad),: the text of a macro"), "{:?}", found.left_out);
}

#[test]
fn roundings_are_turned_and_limits_lifted() {
    let found = core(
        "pub fn part_ceil(a: u64) -> u64 { scale(a, true).min(9) } pub fn part_floor(a: u64) -> u64 { a / 3 } \
         fn scale(a: u64, up: bool) -> u64 { part_ceil(a.div_ceil(2)) >> 1 } fn low_floor(a: u128) -> u128 { a >> 64 }",
    );
    assert_eq!(
        found.text,
        "pub fn part_ceil(a: u64) -> u64 { scale(a, crate::mutants::on(2)).mutant_min(1, 9) } \
         pub fn part_floor(a: u64) -> u64 { (a ).mutant_quotient(3,  3) } \
         fn scale(a: u64, up: bool) -> u64 { (if crate::mutants::off(4) { crate::rule::part_floor } else { part_ceil })\
         (a.mutant_div_ceil(5, 2)) >> 1 } fn low_floor(a: u128) -> u128 { (a ).mutant_shifted(6,  64) } \
         fn turned_low_floor(a: u128) -> u128 { (a ).mutant_shifted(crate::mutants::TURNED,  64) }"
    );
    let rounding = Kind::Rounding;
    assert_eq!(found.kinds, [Kind::Limit, rounding, rounding, rounding, rounding, rounding]);
}

#[test]
fn every_call_of_what_rounds_has_a_switch_of_its_own() {
    let found = core(
        "pub fn fee_ceil(a: u64) -> u64 { scale(a, Rounding::Up) } fn scale(a: u64, way: Rounding) -> u64 { a } \
         fn go() -> u64 { fee_ceil(1) + fee_ceil(2) }",
    );
    assert_eq!(
        found.text,
        "pub fn fee_ceil(a: u64) -> u64 { scale(a, if crate::mutants::off(1) { Rounding::Down } else { Rounding::Up }) } \
         pub fn turned_fee_ceil(a: u64) -> u64 { scale(a, if crate::mutants::off(crate::mutants::TURNED) \
         { Rounding::Down } else { Rounding::Up }) } fn scale(a: u64, way: Rounding) -> u64 { a } \
         fn go() -> u64 { (if crate::mutants::off(2) { crate::rule::turned_fee_ceil } else { fee_ceil })(1) + \
         (if crate::mutants::off(3) { crate::rule::turned_fee_ceil } else { fee_ceil })(2) }"
    );
    let found = core(
        "impl Pool { pub fn value_floor(&self, n: u64) -> u64 { (n / 2) / self.all } fn go(&self) -> u64 { self.value_floor(7) } }",
    );
    assert_eq!(
        found.text,
        "impl Pool { pub fn value_floor(&self, n: u64) -> u64 { (((n ).mutant_quotient(2,  2)) ).mutant_quotient(1,  self.all) } \
         pub fn turned_value_floor(&self, n: u64) -> u64 { ((n / 2) ).mutant_quotient(crate::mutants::TURNED,  self.all) } \
         pub fn mutant_value_floor(&self, number: u32, n: u64) -> u64 { if crate::mutants::off(number) \
         { self.turned_value_floor(n) } else { self.value_floor(n) } } \
         fn go(&self) -> u64 { self.mutant_value_floor(3, 7) } }"
    );
}

#[test]
fn what_the_program_never_calls_and_what_tests_hold_is_left_out() {
    let source = "fn far() -> Result<()> { if a { return Err(Error::Bad); } Ok(()) } \
                  #[cfg(test)] mod tests { fn t() -> Result<()> { if a { return Err(Error::Bad); } Ok(()) } }";
    let found = out("crates/core/src/rule.rs", source, &[]);
    assert!(found.kinds.is_empty());
    assert_eq!(found.text, source);
    assert_eq!(found.left_out, ["fn far() -> Result<()>: the program never calls it"]);
    let root = ("crates/core/src/lib.rs", "#![forbid(unsafe_code)]\n#[cfg(test)]\nmod rule;");
    let module = out("crates/core/src/rule.rs", source, &[root, ("programs/mira/src/x.rs", "fn x() { far() }")]);
    assert!(module.kinds.is_empty() && module.left_out.is_empty());
    let model = out("crates/core/src/ledger/apply.rs", source, &[("programs/mira/src/x.rs", "fn x() { far() }")]);
    assert!(model.kinds.is_empty() && model.left_out.is_empty());
}

const ACCOUNTS: &str = "\
#[event_cpi]
#[derive(Accounts)]
pub struct Go<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        mut,
        has_one = payer @ MiraError::WrongSigner,
        seeds = [seeds::JOB, job.requester.as_ref()],
        bump = job.bump,
        constraint = job.open,
    )]
    pub job: Box<Account<'info, Job>>,
    #[account(init, payer = payer, space = 8, seeds = [seeds::LEASE], bump)]
    pub lease: Box<Account<'info, Lease>>,
    #[account(seeds = [crate::ID.as_ref()], bump, seeds::program = loader::ID, address = job.vault @ MiraError::Wrong)]
    pub vault: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}
";

#[test]
fn attributes_become_constraints_in_anchors_order() {
    let twice = "#[derive(Accounts)] struct Go<'info> { #[account(seeds = [job.key().as_ref()], bump = a.bump, has_one = job)] \
                 a: Account<'info, A> }";
    let found = program(twice);
    assert_eq!(found.kinds, [Kind::Seeds]);
    assert!(found.text.contains("ConstraintSeeds, constraint = (a.job == job.key()) @"), "{}", found.text);
    let found = program(ACCOUNTS);
    let seeds = "anchor_lang::error::ErrorCode::ConstraintSeeds";
    let expected = format!(
        "#[event_cpi]
#[derive(Accounts)]
pub struct Go<'info> {{
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut, constraint = crate::mutants::off(3) || Pubkey::create_program_address(&[seeds::JOB, \
job.requester.as_ref(), &[job.bump][..]], &crate::ID).ok() == Some(job.key()) @ {seeds}, \
constraint = crate::mutants::off(2) || (job.payer == payer.key()) @ MiraError::WrongSigner, \
constraint = crate::mutants::off(4) || (job.open) @ anchor_lang::error::ErrorCode::ConstraintRaw)]
    pub job: Box<Account<'info, Job>>,
    #[account(init, payer = payer, space = 8, seeds = [seeds::LEASE], bump)]
    pub lease: Box<Account<'info, Lease>>,
    #[account(constraint = crate::mutants::off(5) || Some(Pubkey::find_program_address(&[crate::ID.as_ref(), ], \
&loader::ID).0) == Some(vault.key()) @ {seeds}, \
constraint = crate::mutants::off(6) || (vault.key() == job.vault) @ MiraError::Wrong)]
    pub vault: UncheckedAccount<'info>,
    pub system_program: SystemAccount<'info>,
}}

impl crate::mutants::Checked for GoBumps {{ const CHECKED: &'static [(usize, crate::mutants::Check)] = \
&[(7, crate::mutants::Check::Signer(1)), (3, crate::mutants::Check::Program(7, <System as anchor_lang::Id>::id)), ]; }}"
    );
    assert_eq!(found.text, expected);
    assert_eq!(found.left_out.len(), 1);
    assert!(found.left_out[0].starts_with("lease: seeds = [seeds::LEASE]: "), "{:?}", found.left_out);
    use Kind::{Constraint, Program, Seeds, Signer};
    assert_eq!(found.kinds, [Signer, Constraint, Seeds, Constraint, Seeds, Constraint, Program]);
}

#[test]
fn a_bump_that_anchor_no_longer_finds_is_looked_up() {
    let accounts = "#[derive(Accounts)] pub struct Go<'info> { pub job: Box<Account<'info, Job>>, \
                    #[account(seeds = [seeds::ESCROW, job.key().as_ref()], bump)] pub vault: UncheckedAccount<'info> }";
    let lookup = "{ let Go { job, .. } = &*ctx.accounts; \
                  Pubkey::find_program_address(&[seeds::ESCROW, job.key().as_ref()], &crate::ID).1 }";
    let handler = "fn handle(ctx: Context<Go>) { let GoBumps { vault: b, .. } = ctx.bumps; other(ctx.bumps.vault); } \
                   fn other(bumps: &GoBumps) {}";
    let found = program(&format!("{accounts} {handler}"));
    let ours = format!("(GoAllBumps {{ vault: {lookup}, }})");
    let expected = format!(
        "fn handle(ctx: Context<Go>) {{ let GoAllBumps {{ vault: b, .. }} = {ours}; other({ours}.vault); }} \
         fn other(bumps: &GoAllBumps) {{}}"
    );
    assert!(found.text.contains(&expected), "{}", found.text);
    assert!(found.text.ends_with("pub struct GoAllBumps { vault: u8, }"), "{}", found.text);
}

#[test]
fn an_attribute_without_a_switch_is_an_error() {
    let source = "#[derive(Accounts)] pub struct Go<'info> { #[account(owner = x)] pub a: UncheckedAccount<'info> }";
    assert!(instrument(vec![("programs/mira/src/instructions/go.rs".to_owned(), source.to_owned())]).is_err());
}
