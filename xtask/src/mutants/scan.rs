//! The sources of the program: which files they are, and what each becomes in the instrumented copy.

use anyhow::{Context, bail};

use super::{
    accounts, complete, except,
    guard::Found,
    macros,
    partner::Partners,
    reach,
    site::{Site, range},
    walk::{self, Rules},
};
use crate::workspace::Workspace;

/// The program's folder.
const PROGRAM: &str = "programs/mira/";
/// The folder of what it computes with.
const CORE: &str = "crates/core/";
/// The one property that the copy gives up: its switch is read behind the compiler's back.
const FORBID: &str = "#![forbid(unsafe_code)]\n";

const CORE_RUNTIME: &str = include_str!("runtime/core.rs");
const PROGRAM_RUNTIME: &str = include_str!("runtime/program.rs");

/// The instrumented copy.
pub struct Scan {
    /// What was found.
    pub found: Found,
    /// Each file of the copy: path from its root, text.
    pub files: Vec<(String, String)>,
    /// Places that were passed over although they look like guards.
    pub gaps: Vec<String>,
}

/// Reads the sources and instruments them.
pub fn run(workspace: &Workspace) -> anyhow::Result<Scan> {
    let mut sources = Vec::new();
    for folder in [PROGRAM, CORE] {
        for path in workspace.files(folder)? {
            if path.ends_with(".rs") || path.ends_with("Cargo.toml") {
                sources.push((path.clone(), workspace.read(&path)?));
            }
        }
    }
    let scan = instrument(sources)?;
    if let Some(entry) = except::stale(&scan.found).first() {
        bail!("xtask/src/mutants/except.rs names a guard that is not there: {entry}");
    }
    if !scan.gaps.is_empty() {
        bail!("neither a guard nor left out with a reason; teach xtask/src/mutants:\n{}", scan.gaps.join("\n"));
    }
    Ok(scan)
}

/// Instruments sources, given as paths and texts.
pub fn instrument(sources: Vec<(String, String)>) -> anyhow::Result<Scan> {
    let tests = conditional(&sources)?;
    let core = parse(&sources, |path| walked(path, &tests) && path.starts_with(CORE))?;
    let mut partners = Partners::default();
    core.iter().for_each(|(path, _, syntax)| partners.add(&module(path), syntax));
    let program: Vec<&str> =
        sources.iter().filter(|(path, _)| path.starts_with(PROGRAM)).map(|(_, text)| text.as_str()).collect();
    let bodies: Vec<_> = core.iter().map(|(_, text, syntax)| (*text, syntax)).collect();
    let reached = reach::reached(&program, &bodies);
    let (mut found, mut files, mut gaps) = (Found::default(), Vec::new(), Vec::new());
    for (path, text) in &sources {
        let edited = if !walked(path, &tests) {
            text.clone()
        } else {
            let syntax = syn::parse_file(text).with_context(|| format!("{path} does not parse"))?;
            let mut site = Site::new(path, text, &mut found);
            let in_core = path.starts_with(CORE);
            let guard = path.starts_with("programs/mira/src/guard/");
            let rules = Rules {
                checks: &|function| in_core || guard || function == "invariant" || function.starts_with("validate"),
                rounds: in_core,
                reached: in_core.then_some(&reached),
                partners: &partners,
            };
            accounts::file(&mut site, &syntax)?;
            walk::file(&mut site, &syntax, &rules);
            macros::file(&mut site, &syntax);
            partners.write(&mut site, &syntax);
            gaps.extend(complete::gaps(&site, &syntax));
            if let Some(first) = syntax.items.first() {
                site.edits.insert(range(first).start, prelude(path));
            }
            site.edits.apply(text)
        };
        files.push((path.clone(), finished(path, edited)?));
    }
    files.push((format!("{CORE}src/mutants.rs"), CORE_RUNTIME.to_owned()));
    files.push((format!("{PROGRAM}src/mutants.rs"), PROGRAM_RUNTIME.to_owned()));
    Ok(Scan { found, files, gaps })
}

/// Whether a file is searched for guards: not the model that tests compare with.
fn walked(path: &str, tests: &[String]) -> bool {
    let test =
        tests.iter().any(|module| path.starts_with(&format!("{module}.rs")) || path.starts_with(&format!("{module}/")));
    let model = path.starts_with("crates/core/src/ledger");
    path.ends_with(".rs") && path.contains("/src/") && !test && !model
}

/// The modules that only some builds have, tests above all: their paths without ending.
fn conditional(sources: &[(String, String)]) -> anyhow::Result<Vec<String>> {
    let mut modules = Vec::new();
    for (path, _, syntax) in parse(sources, |path| path.ends_with(".rs"))? {
        let (folder, name) = path.rsplit_once('/').unwrap_or_default();
        let inside = match name.trim_end_matches(".rs") {
            "lib" | "mod" => folder.to_owned(),
            stem => format!("{folder}/{stem}"),
        };
        for item in &syntax.items {
            if let syn::Item::Mod(module) = item
                && module.content.is_none()
                && module.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"))
            {
                modules.push(format!("{inside}/{}", module.ident));
            }
        }
    }
    Ok(modules)
}

fn parse(sources: &[(String, String)], wanted: impl Fn(&str) -> bool) -> anyhow::Result<Vec<(&str, &str, syn::File)>> {
    let wanted = sources.iter().filter(|(path, _)| wanted(path));
    wanted
        .map(|(path, text)| {
            let syntax = syn::parse_file(text).with_context(|| format!("{path} does not parse"))?;
            Ok((path.as_str(), text.as_str(), syntax))
        })
        .collect()
}

/// `crates/core/src/provider/slash.rs` is `crate::provider::slash`.
fn module(path: &str) -> String {
    let inner = path.trim_start_matches(CORE).trim_start_matches("src/").trim_end_matches(".rs");
    format!("crate::{}", inner.trim_end_matches("/mod").replace('/', "::"))
}

/// What an instrumented file names without a path.
fn prelude(path: &str) -> String {
    const TRAITS: &str = "Limits as _, OrAborts as _, OrDefault as _, OrLeaked as _, Rounds as _";
    let types = if path.starts_with("programs/mira/src/instructions/") { "Signer, SystemAccount, " } else { "" };
    format!("#[allow(unused_imports)]\nuse crate::mutants::{{{types}{TRAITS}}};\n")
}

/// A crate's root declares the switch.
fn finished(path: &str, mut text: String) -> anyhow::Result<String> {
    if path.ends_with("/src/lib.rs") {
        if path.starts_with(CORE) {
            let Some(at) = text.find(FORBID) else { bail!("{path} no longer forbids unsafe code") };
            text.replace_range(at..at + FORBID.len(), "");
        }
        text.push_str("\npub mod mutants;\n");
    }
    Ok(text)
}
