//! How a quote looks to a person, and what became of it.

use mira_wire::{
    U64Str,
    quote::{Difference, Estimate, Honoured, Quote, TierQuote},
};

use crate::{amount::Money, output};

/// A quote, with all tiers side by side.
pub fn quote(quote: &Quote, money: Money) -> String {
    let price = |price: Option<U64Str>| price.map_or_else(|| "-".to_owned(), |price| money.payment(price.get()));
    let promise = &quote.promise;
    let completion = promise.completion.as_ref();
    let mut rows = vec![
        ("quote", quote.id.to_string()),
        ("tier", promise.tier.clone()),
        ("feasible", if quote.feasible { "yes" } else { "no" }.to_owned()),
        ("candidates", format!("{} of {} owners, {} needed", quote.candidates, quote.owners, quote.owners_needed)),
        ("lowest price", format!("{} per million units", price(quote.price_low))),
        ("median price", format!("{} per million units", price(quote.price_median))),
        ("highest price", format!("{} per million units", price(quote.price_high))),
        ("expected cost", money.payment(quote.expected_cost.get())),
        ("funding to give", money.payment(quote.recommended_funding.get())),
        ("expected start", long(&promise.start)),
        ("expected completion", completion.map_or_else(|| "no history yet, and no limit was stated".to_owned(), long)),
    ];
    if let Some(reason) = &quote.reason {
        rows.push(("reason", reason.clone()));
    }
    let rejects: Vec<(&str, String)> =
        quote.rejects.iter().map(|reject| (reject.limit.as_str(), format!("rejected {}", reject.count))).collect();
    let fields = output::fields(rows.into_iter().chain(rejects));
    let tiers =
        output::table(["TIER", "COST", "START", "COMPLETION", ""], quote.tiers.iter().map(|row| tier(row, money)));
    format!("{fields}\n\n{tiers}")
}

fn tier(row: &TierQuote, money: Money) -> [String; 5] {
    let remark = match (&row.reason, row.in_time) {
        (Some(reason), _) => reason.clone(),
        (None, Some(false)) => "not in the time asked for".to_owned(),
        (None, _) => "feasible".to_owned(),
    };
    let completion = row.completion.as_ref().map_or_else(|| "-".to_owned(), short);
    [row.tier.clone(), money.payment(row.expected_cost.get()), short(&row.start), completion, remark]
}

fn short(estimate: &Estimate) -> String {
    let (half, most) = (seconds(estimate.p50_ms.get()), seconds(estimate.p90_ms.get()));
    if estimate.basis == "observed" { format!("{half} (p90 {most})") } else { format!("at most {most}") }
}

fn long(estimate: &Estimate) -> String {
    let [half, nine, most] = [estimate.p50_ms, estimate.p90_ms, estimate.p99_ms].map(|ms| seconds(ms.get()));
    if estimate.basis == "observed" {
        return format!("p50 {half}, p90 {nine}, p99 {most}, from {} observations", estimate.samples);
    }
    format!("no history yet ({} observations): at most {most} by the stated limits", estimate.samples)
}

/// A quote beside what became of it.
pub fn honoured(honoured: &Honoured, money: Money) -> String {
    let times = [("start", Some(honoured.start_ms)), ("completion", honoured.completion_ms)];
    let times = times.into_iter().filter_map(|(name, time)| Some(line(name, &time?, seconds)));
    let rows = [line("cost", &honoured.cost, |amount| money.payment(amount))].into_iter().chain(times);
    output::table(["", "QUOTED", "ACTUAL", "DIFFERENCE"], rows)
}

fn line(name: &str, difference: &Difference, show: impl Fn(u64) -> String) -> [String; 4] {
    let quoted = show(difference.quoted.get());
    let quoted = match difference.quoted_p90 {
        Some(p90) => format!("{quoted} (p90 {})", show(p90.get())),
        None => quoted,
    };
    let actual = difference.actual.map_or_else(|| "-".to_owned(), |actual| show(actual.get()));
    let percent = difference.percent.map_or_else(|| "-".to_owned(), |percent| format!("{percent:+} %"));
    [name.to_owned(), quoted, actual, percent]
}

/// Milliseconds as seconds.
fn seconds(ms: u64) -> String {
    format!("{}.{:03} s", ms / 1_000, ms % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONEY: Money = Money { stake_decimals: 0, payment_decimals: 0 };

    #[test]
    fn a_difference_is_shown_and_a_limit_is_called_one() {
        let honoured = Honoured {
            id: mira_wire::HashHex([1; 32]),
            cost: Difference::of(200, None, Some(150)),
            start_ms: Difference::of(1_000, Some(2_000), Some(1_500)),
            completion_ms: Some(Difference::of(9_000, Some(9_000), None)),
        };
        let text = super::honoured(&honoured, MONEY);
        for part in ["-25 %", "+50 %", "1.000 s (p90 2.000 s)", "1.500 s"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let limit = Estimate {
            basis: "limits".to_owned(),
            samples: 3,
            p50_ms: U64Str(60_000),
            p90_ms: U64Str(60_000),
            p99_ms: U64Str(60_000),
        };
        assert_eq!(long(&limit), "no history yet (3 observations): at most 60.000 s by the stated limits");
        assert_eq!(short(&limit), "at most 60.000 s");
    }
}
