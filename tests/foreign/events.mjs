// The events of a transaction, from the program's calls to itself: logs can be cut off, these cannot.

import { createHash } from "node:crypto";
import anchor from "@coral-xyz/anchor";

const { utils } = anchor;

// Anchor's tag of such a call, reversed as it stands in the data.
const TAG = createHash("sha256").update("anchor:event").digest().subarray(0, 8).reverse();

/** Every event of a confirmed transaction, decoded by the library, in order. */
export async function eventsOf(program, signature) {
  const { connection } = program.provider;
  const options = { commitment: "confirmed", maxSupportedTransactionVersion: 0 };
  const transaction = await connection.getTransaction(signature, options);
  if (transaction === null) throw new Error(`the chain does not know ${signature}`);
  const keys = transaction.transaction.message.getAccountKeys().keySegments().flat();
  const calls = (transaction.meta.innerInstructions ?? []).flatMap((inner) => inner.instructions);
  return calls
    .filter((call) => keys[call.programIdIndex].equals(program.programId))
    .map((call) => Buffer.from(utils.bytes.bs58.decode(call.data)))
    .filter((data) => data.subarray(0, 8).equals(TAG))
    .map((data) => {
      const event = program.coder.events.decode(data.subarray(8).toString("base64"));
      if (event === null) throw new Error(`${signature} holds an event that the IDL does not describe`);
      return event;
    });
}
