//! The voucher: the requester's signed consent to pay a lease up to a running total.
//!
//! Cumulative, so only the largest matters. The message binds program, cluster and lease, so that a
//! voucher means nothing anywhere else. On chain its signature is verified by the ed25519
//! instruction directly before `settle`; [`check_ed25519`] proves that that instruction verified
//! exactly this message under exactly this key and took all of it from its own data.

use crate::amount::{Payment, Units};
use crate::error::{Error, Result};
use crate::hash::Sha256;
use crate::{Hash, Key};

/// Starts every voucher message, so that no other signed message of Mira can be one.
pub const PREFIX: &[u8; 16] = b"mira:voucher:v1:";
/// Length of the signed message.
pub const MESSAGE_LEN: usize = 48;
/// Length of the ed25519 instruction's data.
pub const ED25519_LEN: usize = HEADER_LEN + 32 + 64 + MESSAGE_LEN;

const HEADER_LEN: usize = 16;
const KEY_OFFSET: u8 = 16;
const SIGNATURE_OFFSET: u8 = 48;
const MESSAGE_OFFSET: u8 = 112;

/// One signature, a padding byte, then seven little-endian u16: offset and instruction index of
/// the signature, of the key, offset, length and instruction index of the message. An index of
/// `u16::MAX` means this same instruction.
const HEADER: [u8; HEADER_LEN] =
    [1, 0, SIGNATURE_OFFSET, 0, 0xff, 0xff, KEY_OFFSET, 0, 0xff, 0xff, MESSAGE_OFFSET, 0, 48, 0, 0xff, 0xff];

/// What the requester's key consents to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// The program that may pay.
    pub program_id: Key,
    /// The genesis hash of the cluster it runs on.
    pub cluster_id: Hash,
    /// The lease that is paid.
    pub lease: Key,
    /// All that is to be paid so far, fees included.
    pub cumulative_amount: Payment,
    /// All units paid for so far; kept as a record, never a reason to refuse.
    pub cumulative_units: Units,
}

/// The 48 bytes to sign: the prefix, then the hash of all fields, numbers little-endian.
pub fn message<H: Sha256>(voucher: &Voucher) -> [u8; MESSAGE_LEN] {
    let digest = H::hashv(&[
        &voucher.program_id,
        &voucher.cluster_id,
        &voucher.lease,
        &voucher.cumulative_amount.get().to_le_bytes(),
        &voucher.cumulative_units.get().to_le_bytes(),
    ]);
    let mut message = [0u8; MESSAGE_LEN];
    let (prefix, rest) = message.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    rest.copy_from_slice(&digest);
    message
}

/// The ed25519 instruction's data for one voucher: header, key, signature, message.
pub fn encode_ed25519(key: &Key, signature: &[u8; 64], message: &[u8; MESSAGE_LEN]) -> [u8; ED25519_LEN] {
    let mut data = [0u8; ED25519_LEN];
    let parts: [&[u8]; 4] = [&HEADER, key, signature, message];
    let mut rest = data.as_mut_slice();
    for part in parts {
        // The four lengths sum to ED25519_LEN, so every part finds its room.
        let Some((room, tail)) = core::mem::take(&mut rest).split_at_mut_checked(part.len()) else {
            break;
        };
        room.copy_from_slice(part);
        rest = tail;
    }
    data
}

/// Checks that an ed25519 instruction's data is what [`encode_ed25519`] makes for this key and
/// message, whatever the signature, which the runtime verified.
///
/// Refuses: [`Error::VoucherMalformed`] for any other length or header, [`Error::VoucherWrongKey`],
/// [`Error::VoucherWrongMessage`].
pub fn check_ed25519(data: &[u8], key: &Key, message: &[u8; MESSAGE_LEN]) -> Result<()> {
    let malformed = Error::VoucherMalformed;
    let data: &[u8; ED25519_LEN] = data.try_into().map_err(|_| malformed)?;
    // The parts add up to the whole, so none of these can be out of bounds.
    let (header, rest) = data.split_at(HEADER_LEN);
    let (signer, rest) = rest.split_at(32);
    let (_signature, signed) = rest.split_at(64);
    if header != HEADER {
        return Err(malformed);
    }
    if signer != key {
        return Err(Error::VoucherWrongKey);
    }
    if signed != message {
        return Err(Error::VoucherWrongMessage);
    }
    Ok(())
}

#[cfg(all(test, feature = "sha2"))]
mod tests {
    use super::*;
    use crate::hash::Sha2;

    fn voucher() -> Voucher {
        Voucher {
            program_id: [1; 32],
            cluster_id: [2; 32],
            lease: [3; 32],
            cumulative_amount: Payment::new(4),
            cumulative_units: Units::new(5),
        }
    }

    #[test]
    fn every_field_is_bound() {
        let base = voucher();
        let others = [
            Voucher { program_id: [9; 32], ..base },
            Voucher { cluster_id: [9; 32], ..base },
            Voucher { lease: [9; 32], ..base },
            Voucher { cumulative_amount: Payment::new(9), ..base },
            Voucher { cumulative_units: Units::new(9), ..base },
        ];
        let message = message::<Sha2>(&base);
        assert!(message.starts_with(PREFIX));
        for other in others {
            assert_ne!(super::message::<Sha2>(&other), message);
        }
    }

    #[test]
    fn only_the_very_layout_passes() {
        let (key, message) = ([7u8; 32], message::<Sha2>(&voucher()));
        let data = encode_ed25519(&key, &[8; 64], &message);
        assert_eq!(check_ed25519(&data, &key, &message), Ok(()));
        for at in 0..data.len() {
            let mut changed = data;
            changed[at] ^= 1;
            let expected = match at {
                0..16 => Err(Error::VoucherMalformed),
                16..48 => Err(Error::VoucherWrongKey),
                48..112 => Ok(()),
                _ => Err(Error::VoucherWrongMessage),
            };
            assert_eq!(check_ed25519(&changed, &key, &message), expected, "byte {at}");
        }
        let short = check_ed25519(&data[..159], &key, &message);
        assert_eq!(short, Err(Error::VoucherMalformed));
        assert_eq!(check_ed25519(&[], &key, &message), Err(Error::VoucherMalformed));
    }
}
