//! `NUMERIC` as a whole number without sign, in PostgreSQL's binary form: the decimal crates that the
//! driver knows either end below u128 or bring arithmetic that nobody needs here.
//!
//! The form is five i16: count of digits, weight of the first, sign, scale; then the digits in base
//! 10,000, most significant first, zeros at the end left out.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type, TypeInfo as _};

const BASE: u128 = 10_000;
/// PostgreSQL's own number for the type, the same in every version.
const NUMERIC_OID: Oid = Oid(1700);

/// A whole number from 0 to `u128::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numeric(pub u128);

impl Numeric {
    fn to_binary(self) -> Result<Vec<u8>, BoxDynError> {
        let mut digits = Vec::with_capacity(10);
        let mut rest = self.0;
        while rest > 0 {
            digits.push(u16::try_from(rest % BASE)?);
            rest /= BASE;
        }
        let weight = i16::try_from(digits.len())? - i16::from(!digits.is_empty());
        digits.reverse();
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let head = [i16::try_from(digits.len())?, weight, 0, 0];
        let mut out: Vec<u8> = head.into_iter().flat_map(i16::to_be_bytes).collect();
        out.extend(digits.into_iter().flat_map(u16::to_be_bytes));
        Ok(out)
    }

    fn from_binary(bytes: &[u8]) -> Result<Self, BoxDynError> {
        let (pieces, rest) = bytes.as_chunks::<2>();
        let [count, weight, sign, _scale, digits @ ..] = pieces else { return Err("a NUMERIC cut short".into()) };
        if !rest.is_empty() || usize::from(u16::from_be_bytes(*count)) != digits.len() {
            return Err("a NUMERIC of the wrong length".into());
        }
        if u16::from_be_bytes(*sign) != 0 {
            return Err("a NUMERIC that is negative or no number".into());
        }
        let mut exponent = i32::from(i16::from_be_bytes(*weight));
        let mut value = 0_u128;
        for digit in digits {
            let digit = u128::from(u16::from_be_bytes(*digit));
            let power = u32::try_from(exponent).map_err(|_| "a NUMERIC with a fraction")?;
            let part = BASE.checked_pow(power).and_then(|power| power.checked_mul(digit));
            value = part.and_then(|part| value.checked_add(part)).ok_or("a NUMERIC of more than 128 bits")?;
            exponent -= 1;
        }
        Ok(Self(value))
    }
}

impl Type<Postgres> for Numeric {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(NUMERIC_OID)
    }

    fn compatible(found: &PgTypeInfo) -> bool {
        found.name() == "NUMERIC"
    }
}

impl Encode<'_, Postgres> for Numeric {
    fn encode_by_ref(&self, out: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        out.extend_from_slice(&self.to_binary()?);
        Ok(IsNull::No)
    }
}

impl Decode<'_, Postgres> for Numeric {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        match value.format() {
            PgValueFormat::Binary => Self::from_binary(value.as_bytes()?),
            PgValueFormat::Text => Ok(Self(value.as_str()?.parse()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for n in [0, 1, 9_999, 10_000, 10_001, 100_000_000, u128::from(u64::MAX), u128::MAX - 1, u128::MAX] {
            assert_eq!(Numeric::from_binary(&Numeric(n).to_binary().unwrap()).unwrap(), Numeric(n));
        }
        // Zeros at the end are left out, as PostgreSQL does.
        assert_eq!(Numeric(100_000_000).to_binary().unwrap(), [0, 1, 0, 2, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let negative = [0, 1, 0, 0, 0x40, 0, 0, 0, 0, 1];
        let fraction = [0, 1, 0xff, 0xff, 0, 0, 0, 1, 0, 1];
        let huge = [0, 1, 0, 12, 0, 0, 0, 0, 0, 1];
        let short = [0, 2, 0, 0, 0, 0, 0, 0, 0, 1];
        for bytes in [&negative[..], &fraction, &huge, &short, &[0; 7]] {
            assert!(Numeric::from_binary(bytes).is_err(), "{bytes:?}");
        }
    }
}
