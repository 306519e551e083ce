// The requester's keypair, which the seed decides, in a file as the `mira` command reads it. Its address is
// all that is printed.
//
//   node requester.mjs --out FILE [--seed N]

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { keypair } from "./seed.mjs";

const { values: options } = parseArgs({
  options: { out: { type: "string" }, seed: { type: "string", default: "1" } },
});

const requester = keypair(options.seed, "requester");
writeFileSync(options.out, JSON.stringify([...requester.secretKey]), { mode: 0o600 });
console.log(requester.publicKey.toBase58());
