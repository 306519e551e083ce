//! Arrivals as Azure published them for its LLM inference (CC-BY 4.0; Splitwise, ISCA 2024): a CSV file with the
//! columns `TIMESTAMP,ContextTokens,GeneratedTokens`, in order of time.

use super::Request;
use anyhow::{Context, bail, ensure};
use std::path::Path;
use time::PrimitiveDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// Where the trace is below the folder of the traces.
pub const FILE: &str = "azure-llm-2023/AzureLLMInferenceTrace_conv.csv";

const HEADER: &str = "TIMESTAMP,ContextTokens,GeneratedTokens";
const STAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:1+]");

/// Reads a trace.
///
/// # Errors
/// The file cannot be read, or a line is not as published: named with its number.
pub fn read(path: &Path) -> anyhow::Result<Vec<Request>> {
    parse(&super::text(path)?).with_context(|| path.display().to_string())
}

/// Parses a trace's text.
///
/// # Errors
/// See [`read`].
pub fn parse(text: &str) -> anyhow::Result<Vec<Request>> {
    let mut lines = text.lines().enumerate();
    let header = lines.next().map(|(_, line)| line.trim());
    ensure!(header == Some(HEADER), "line 1: expected the header {HEADER}");
    let mut requests: Vec<Request> = Vec::new();
    let mut first = None;
    for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let request = request(line.trim(), &mut first).with_context(|| format!("line {}", index + 1))?;
        if requests.last().is_some_and(|last| last.at_us > request.at_us) {
            bail!("line {}: earlier than the line before; sort the file by TIMESTAMP", index + 1);
        }
        requests.push(request);
    }
    ensure!(requests.len() > 1, "fewer than two requests");
    Ok(requests)
}

fn request(line: &str, first: &mut Option<PrimitiveDateTime>) -> anyhow::Result<Request> {
    let fields: Vec<&str> = line.split(',').collect();
    let [stamp, context, generated] = fields[..] else {
        bail!("expected 3 fields, found {}", fields.len());
    };
    let stamp = PrimitiveDateTime::parse(stamp, STAMP)
        .with_context(|| format!("TIMESTAMP {stamp:?} is not like 2023-11-16 18:15:46.6805900"))?;
    let since = stamp - *first.get_or_insert(stamp);
    Ok(Request {
        at_us: u64::try_from(since.whole_microseconds()).context("earlier than the first line")?,
        context_tokens: tokens("ContextTokens", context)?,
        generated_tokens: tokens("GeneratedTokens", generated)?,
    })
}

fn tokens(column: &str, text: &str) -> anyhow::Result<u32> {
    let tokens: u32 = text.parse().with_context(|| format!("{column} {text:?} is not a number of tokens"))?;
    ensure!((1..=10_000_000).contains(&tokens), "{column} is {tokens}: from 1 to 10,000,000");
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(rows: &str) -> String {
        format!("{:#}", parse(&format!("{HEADER}\n{rows}")).unwrap_err())
    }

    #[test]
    fn times_count_from_the_first_request() {
        let text = format!("{HEADER}\r\n2023-11-30 23:59:59.5000000,374,44\r\n2023-12-01 00:00:01.25,396,109\r\n");
        let request = |at_us, context_tokens, generated_tokens| Request { at_us, context_tokens, generated_tokens };
        assert_eq!(parse(&text).unwrap(), [request(0, 374, 44), request(1_750_000, 396, 109)]);
    }

    #[test]
    fn what_is_not_as_published_is_named_with_its_line() {
        let good = "2023-11-16 18:15:46.6805900,374,44";
        assert!(format!("{:#}", parse("a,b,c\n").unwrap_err()).starts_with("line 1: expected the header"));
        assert_eq!(error(good), "fewer than two requests");
        assert_eq!(error(&format!("{good}\n{good},9")), "line 3: expected 3 fields, found 4");
        assert!(error(&format!("{good}\n16.11.2023,374,44")).starts_with("line 3: TIMESTAMP \"16.11.2023\" is not"));
        assert!(error(&format!("{good}\n2023-11-16 18:15:46.7,-1,44")).starts_with("line 3: ContextTokens \"-1\""));
        assert!(error(&format!("{good}\n2023-11-16 18:15:46.7,1,0")).contains("GeneratedTokens is 0"));
        assert!(error(&format!("{good}\n2023-11-16 18:15:45.0,374,44")).contains("earlier than the"));
    }
}
