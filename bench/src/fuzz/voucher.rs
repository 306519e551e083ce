//! Vouchers: the signed message, the ed25519 instruction that carries it, and the text of the API.
//!
//! What holds: a signature is good for the very voucher and the very key, by the chain's verifier and by the API's;
//! with one bit of anything flipped neither takes it. The program's check takes exactly what the encoder makes.

use super::draw::{Draw, flip};
use super::wire;
use mira_chain::voucher::{ed25519_instruction, sign, signed_message, verify};
use mira_core::amount::{Payment, Units};
use mira_core::voucher::{Voucher, check_ed25519, encode_ed25519};
use mira_wire::request::verify_strict;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

/// What enough inputs meet.
pub const CLASSES: [&str; 6] =
    ["flipped bit", "same instruction", "other instruction", "same", "another", "no voucher"];

/// Where the signature stands in the ed25519 instruction: behind header and key.
const SIGNATURE: std::ops::Range<usize> = 48..112;

/// A voucher with its signature and the key that has to have made it.
#[derive(Clone, Copy)]
struct Signed {
    signer: Pubkey,
    voucher: Voucher,
    signature: [u8; 64],
}

/// The property.
pub fn property(draw: &mut Draw<'_>) -> &'static str {
    let key = Keypair::new_from_array(draw.any());
    let voucher = Voucher {
        program_id: draw.any(),
        cluster_id: draw.any(),
        lease: draw.any(),
        cumulative_amount: Payment::new(draw.any()),
        cumulative_units: Units::new(draw.any()),
    };
    let signature = sign(&key, &voucher).expect("a key in memory signs");
    let signed = Signed { signer: key.pubkey(), voucher, signature };
    assert!(signed.holds(), "what was signed does not hold");
    match draw.below(3) {
        0 => {
            let flipped = signed.flipped(draw.below(Signed::BITS));
            assert!(!flipped.holds(), "a flipped bit is taken");
            "flipped bit"
        }
        1 => instruction(draw, &signed),
        _ => text(draw, &signed),
    }
}

impl Signed {
    /// Bits of everything that a voucher consists of.
    const BITS: usize = 8 * (32 + 64 + 3 * 32 + 2 * 8);

    /// Whether it is taken; both verifiers have to say the same.
    fn holds(&self) -> bool {
        let on_chain = verify(&self.signer, &self.voucher, &self.signature);
        let by_the_api = verify_strict(&self.signer.to_bytes(), &self.signature, &signed_message(&self.voucher));
        assert_eq!(on_chain, by_the_api, "the verifiers disagree");
        on_chain
    }

    /// The same with one bit flipped.
    fn flipped(&self, bit: usize) -> Self {
        let Voucher { program_id, cluster_id, lease, cumulative_amount, cumulative_units } = self.voucher;
        let numbers = [cumulative_amount.get(), cumulative_units.get()].map(u64::to_le_bytes);
        let keys = [self.signer.to_bytes(), program_id, cluster_id, lease];
        let mut bytes = [self.signature.as_slice(), keys.as_flattened(), numbers.as_flattened()].concat();
        flip(&mut bytes, bit);
        let (signature, rest) = bytes.split_first_chunk().expect("64 bytes");
        let (keys, numbers) = rest.split_at(4 * 32);
        let (keys, _) = keys.as_chunks::<32>();
        let (numbers, _) = numbers.as_chunks::<8>();
        let [signer, program_id, cluster_id, lease] = *keys else { panic!("four keys") };
        let [amount, units] = *numbers else { panic!("two numbers") };
        let voucher = Voucher {
            program_id,
            cluster_id,
            lease,
            cumulative_amount: Payment::new(u64::from_le_bytes(amount)),
            cumulative_units: Units::new(u64::from_le_bytes(units)),
        };
        Self { signer: Pubkey::new_from_array(signer), voucher, signature: *signature }
    }
}

/// The instruction's data, changed: taken if nothing but the signature is another, which the runtime verifies.
fn instruction(draw: &mut Draw<'_>, signed: &Signed) -> &'static str {
    let (key, message) = (signed.signer.to_bytes(), signed_message(&signed.voucher));
    let mut data = ed25519_instruction(&signed.signer, &signed.voucher, &signed.signature).data;
    draw.mutate(&mut data);
    let carried = data.get(SIGNATURE).and_then(|bytes| bytes.try_into().ok());
    let same = carried.is_some_and(|signature| encode_ed25519(&key, &signature, &message).as_slice() == data);
    assert_eq!(check_ed25519(&data, &key, &message).is_ok(), same, "{data:02x?}");
    if same { "same instruction" } else { "other instruction" }
}

/// The voucher as the API reads it.
fn text(draw: &mut Draw<'_>, signed: &Signed) -> &'static str {
    let Voucher { lease, cumulative_amount, cumulative_units, .. } = signed.voucher;
    let sent = mira_wire::voucher::Voucher {
        lease: lease.into(),
        cumulative_amount: cumulative_amount.get().into(),
        cumulative_units: cumulative_units.get().into(),
        signature: signed.signature.into(),
    };
    let Some(read) = wire::garbled(draw, &sent) else { return "no voucher" };
    let voucher = Voucher {
        lease: read.lease.get(),
        cumulative_amount: Payment::new(read.cumulative_amount.get()),
        cumulative_units: Units::new(read.cumulative_units.get()),
        ..signed.voucher
    };
    let read = Signed { voucher, signature: read.signature.get(), ..*signed };
    let same = read.voucher == signed.voucher && read.signature == signed.signature;
    assert_eq!(read.holds(), same, "a voucher that was changed on its way");
    if same { "same" } else { "another" }
}
