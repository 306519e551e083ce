//! Short functions: none over 70 lines, from the signature to the closing brace.

use anyhow::Context;
use proc_macro2::Span;
use syn::{
    ImplItemFn, ItemFn, TraitItemFn,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::Source;
use crate::report::Report;

const MAX_LINES: usize = 70;

/// Checks every function of every file.
pub fn check(sources: &[Source], report: &mut Report) -> anyhow::Result<()> {
    let mut longest = 0;
    for source in sources {
        let file = syn::parse_file(&source.text).with_context(|| format!("{} does not parse", source.path))?;
        let mut functions = Functions::default();
        functions.visit_file(&file);
        for (name, lines) in functions.found {
            longest = longest.max(lines);
            if lines > MAX_LINES {
                report.finding(format!("{}: fn {name} has {lines} lines, over {MAX_LINES}: split it", source.path));
            }
        }
    }
    report.figure("longest function", longest);
    Ok(())
}

#[derive(Default)]
struct Functions {
    found: Vec<(String, usize)>,
}

impl Functions {
    fn add(&mut self, name: &syn::Ident, start: Span, end: Span) {
        let lines = (end.end().line + 1).saturating_sub(start.start().line);
        self.found.push((name.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.add(&item.sig.ident, item.sig.span(), item.block.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.add(&item.sig.ident, item.sig.span(), item.block.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(block) = &item.default {
            self.add(&item.sig.ident, item.sig.span(), block.span());
        }
        visit::visit_trait_item_fn(self, item);
    }
}
