//! The figures as tables in Markdown, which a person reads on a terminal too.

use super::Figures;
use super::accounts::Size;
use super::floor::Floor;
use super::rows::Measured;
use super::shared::Written;
use super::vouchers::Fit;
use crate::number::thousands;

/// All tables, as they stand in docs/benchmarks.md.
pub fn all(figures: &Figures) -> String {
    [
        instructions(&figures.rows),
        floor(&figures.floor),
        vouchers(&figures.vouchers),
        written(&figures.shared),
        accounts(&figures.accounts),
    ]
    .join("\n")
}

fn instructions(rows: &[Measured]) -> String {
    let head = "| instruction | state | median | most | budget | bytes |\n| --- | --- | --- | --- | --- | --- |\n";
    let mut text = head.to_owned();
    for row in rows {
        let (median, most) = (thousands(row.compute_units_median), thousands(row.compute_units_most));
        let budget = row.budget.map(thousands).unwrap_or_default();
        text += &format!(
            "| `{}` | {} | {median} | {most} | {budget} | {} |\n",
            row.instruction,
            row.state,
            thousands(row.bytes as u64)
        );
    }
    text
}

fn floor(floor: &Floor) -> String {
    let Floor { transfer_checked, ed25519_metered, ed25519_in_block, settle, ratio } = *floor;
    format!(
        "| the floor of a settlement | compute units |\n| --- | --- |\n\
         | `transfer_checked` of the token program alone | {} |\n\
         | ed25519 verification alone, as metered | {} |\n\
         | ed25519 verification, as a block's limits count it | {} |\n\
         | `settle` in the same world, as metered | {} |\n\
         | (`settle` + verification) ÷ (2 transfers + verification) | {ratio:.1} |\n",
        thousands(transfer_checked),
        thousands(ed25519_metered),
        thousands(ed25519_in_block),
        thousands(settle)
    )
}

fn vouchers(fits: &[Fit]) -> String {
    let mut text = "| transaction | vouchers | bytes | compute units |\n| --- | --- | --- | --- |\n".to_owned();
    for Fit { transaction, vouchers, bytes, compute_units, .. } in fits {
        let (bytes, units) = (thousands(*bytes as u64), thousands(*compute_units));
        text += &format!("| {transaction} | {vouchers} | {bytes} | {units} |\n");
    }
    text
}

fn written(accounts: &[Written]) -> String {
    let mut text = "| a settlement writes | unrelated settlements share it |\n| --- | --- |\n".to_owned();
    for Written { account, shared } in accounts {
        text += &format!("| `{account}` | {} |\n", if *shared { "yes" } else { "no" });
    }
    text
}

fn accounts(sizes: &[Size]) -> String {
    let mut text = "| account | bytes | rent, SOL | one per |\n| --- | --- | --- | --- |\n".to_owned();
    for Size { account, bytes, lamports, per } in sizes {
        text += &format!("| {account} | {bytes} | {} | {per} |\n", sol(*lamports));
    }
    for per in ["job", "lease"] {
        let all = sizes.iter().filter(|size| size.per == per);
        let lamports = all.map(|size| size.lamports).sum();
        text += &format!("| all of a {per} | | {} | |\n", sol(lamports));
    }
    text
}

/// Lamports as SOL, to the lamport.
fn sol(lamports: u64) -> String {
    format!("{}.{:09}", lamports / 1_000_000_000, lamports % 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lamports_are_written_as_sol() {
        assert_eq!(sol(2_039_280), "0.002039280");
    }
}
