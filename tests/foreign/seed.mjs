// What a run draws from its seed: the same seed gives the same keys and hashes.

import { createHash } from "node:crypto";
import anchor from "@coral-xyz/anchor";

/** 32 bytes that the seed decides, others for every label. */
export const seeded = (seed, label) => createHash("sha256").update(`foreign ${seed} ${label}`).digest();

/** The keypair of such bytes. */
export const keypair = (seed, label) => anchor.web3.Keypair.fromSeed(seeded(seed, label));
