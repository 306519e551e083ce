//! Amounts as people write them: tokens with decimals at the edge, base units inside.

/// How many decimals amounts have where people read and write them; 0 shows base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// Of the stake mint.
    pub stake_decimals: u8,
    /// Of the payment mint.
    pub payment_decimals: u8,
}

impl Money {
    /// Reads an amount of stake.
    pub fn parse_stake(self, text: &str) -> Result<u64, AmountError> {
        parse(text, self.stake_decimals)
    }

    /// Reads an amount of payment.
    pub fn parse_payment(self, text: &str) -> Result<u64, AmountError> {
        parse(text, self.payment_decimals)
    }

    /// Writes an amount of stake.
    pub fn stake(self, base_units: u64) -> String {
        format(base_units, self.stake_decimals)
    }

    /// Writes an amount of payment.
    pub fn payment(self, base_units: u64) -> String {
        format(base_units, self.payment_decimals)
    }
}

/// Why an amount cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AmountError {
    /// Not a decimal number.
    #[error("`{0}` is not an amount; write a number such as 12 or 0.25")]
    NotANumber(String),
    /// More decimals than the mint has.
    #[error("`{text}` has more than {decimals} decimals, which this mint cannot hold")]
    TooFine { text: String, decimals: u8 },
    /// Over what the chain can hold.
    #[error("`{0}` is more than an account can hold")]
    TooLarge(String),
}

/// Reads `text` as tokens of a mint with `decimals`, or as base units when `decimals` is 0.
fn parse(text: &str, decimals: u8) -> Result<u64, AmountError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let empty = whole.is_empty() || (text.contains('.') && fraction.is_empty());
    if empty || !digits(whole) || !digits(fraction) {
        return Err(AmountError::NotANumber(text.to_owned()));
    }
    if fraction.len() > usize::from(decimals) {
        return Err(AmountError::TooFine { text: text.to_owned(), decimals });
    }
    let padded = format!("{whole}{fraction:0<width$}", width = usize::from(decimals));
    padded.parse().map_err(|_| AmountError::TooLarge(text.to_owned()))
}

/// Writes base units as tokens, without zeros at the end.
fn format(base_units: u64, decimals: u8) -> String {
    let width = usize::from(decimals);
    let digits = format!("{base_units:0>width$}", width = width + 1);
    let (whole, fraction) = digits.split_at(digits.len() - width);
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_base_units() {
        assert_eq!(parse("12", 6), Ok(12_000_000));
        assert_eq!(parse("0.25", 6), Ok(250_000));
        assert_eq!(parse("7", 0), Ok(7));
        assert_eq!(parse("18446744073709.551615", 6), Ok(u64::MAX));
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in ["", ".", "-1", "1.", ".5", "1e6", "1,5", "١"] {
            assert_eq!(parse(text, 6), Err(AmountError::NotANumber(text.to_owned())), "{text}");
        }
        assert!(matches!(parse("0.0000001", 6), Err(AmountError::TooFine { .. })));
        assert!(matches!(parse("18446744073709.551616", 6), Err(AmountError::TooLarge(_))));
    }

    #[test]
    fn format_and_parse_are_inverse() {
        for base_units in [0, 1, 999_999, 1_000_000, 1_000_001, u64::MAX] {
            for decimals in [0, 6, 9] {
                assert_eq!(parse(&format(base_units, decimals), decimals), Ok(base_units));
            }
        }
        assert_eq!(format(1_500_000, 6), "1.5");
    }
}
