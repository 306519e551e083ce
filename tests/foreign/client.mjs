// A requester that shares no code with this repository: Anchor's TypeScript client over the committed
// IDL. It creates a job, funds it, decodes the events of both transactions and the accounts they made,
// and compares every field with what was sent. What the client library cannot resolve or decode, no
// other user of the IDL can.
//
//   node client.mjs --rpc URL --idl FILE --requester KEYPAIR [--seed N] [--json]
//
// Ends with 1 on any difference. `cargo xtask foreign` starts a chain, has requester.mjs make the keypair, and runs it.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import anchor from "@coral-xyz/anchor";
import { differences, plain } from "./compare.mjs";
import { eventsOf } from "./events.mjs";
import { keypair, seeded as from } from "./seed.mjs";

const { AnchorProvider, BN, Program, Wallet, web3 } = anchor;
const { Connection, Keypair, PublicKey } = web3;

const CLOCK = new PublicKey("SysvarC1ock11111111111111111111111111111111");
const TOKEN_PROGRAM = new PublicKey("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
const ASSOCIATED_PROGRAM = new PublicKey("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
const COMMITMENT = "confirmed";
// The unix second in a job's id may be as old as a local network allows: two seconds.
const ATTEMPTS = 5;

const { values: options } = parseArgs({
  options: {
    rpc: { type: "string" },
    idl: { type: "string" },
    requester: { type: "string" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const connection = new Connection(options.rpc, COMMITMENT);
const requester = Keypair.fromSecretKey(Uint8Array.from(JSON.parse(readFileSync(options.requester, "utf8"))));
const provider = new AnchorProvider(connection, new Wallet(requester), { commitment: COMMITMENT });
const program = new Program(JSON.parse(readFileSync(options.idl, "utf8")), provider);

const seeded = (label) => from(options.seed, label);
const address = (label) => keypair(options.seed, label).publicKey;
const find = (...seeds) => PublicKey.findProgramAddressSync(seeds, program.programId)[0];
const after = (time, secs) => time.add(new BN(secs));

/** The chain's own unix second: the sysvar's last eight bytes. */
async function now() {
  const clock = await connection.getAccountInfo(CLOCK);
  return new BN(clock.data.subarray(32, 40), "le");
}

/** What is asked for at a moment: every field another value, so that no two can be mixed up. */
function order(moment) {
  return {
    jobId: moment.shln(24).addn(0xabcdef),
    voucherSigner: address("voucher signer"),
    dispatcher: address("dispatcher"),
    specHash: [...seeded("specification")],
    tier: 1,
    unitKind: 2,
    maxUnitPrice: new BN("18446744073709551615"),
    minProviderStake: new BN(1_234_567),
    maxShareBps: 4_321,
    maxLeases: 65_535,
    deadline: after(moment, 987),
  };
}

async function create() {
  for (let attempt = 1; ; attempt += 1) {
    const args = order(await now());
    const accounts = { requester: requester.publicKey, paymentMint: config.paymentMint };
    try {
      const call = program.methods.createJob(args).accountsPartial(accounts);
      const job = (await call.pubkeys()).job;
      return { args, job, signature: await call.rpc({ commitment: COMMITMENT }) };
    } catch (error) {
      const late = error?.error?.errorCode?.code === "JobIdOutOfWindow";
      if (!late || attempt === ATTEMPTS) throw error;
    }
  }
}

async function fund(job, amount) {
  const owner = requester.publicKey;
  const seeds = [owner.toBuffer(), TOKEN_PROGRAM.toBuffer(), config.paymentMint.toBuffer()];
  const [from] = PublicKey.findProgramAddressSync(seeds, ASSOCIATED_PROGRAM);
  return program.methods.fundJob(amount).accountsPartial({ funder: owner, job, from }).rpc({ commitment: COMMITMENT });
}

const config = await program.account.config.fetch(find(Buffer.from("config")));
const { args, job, signature: created } = await create();
const amount = new BN(7_654_321);
const funded = await fund(job, amount);

const [creation, ...more] = await eventsOf(program, created);
const [funding, ...evenMore] = await eventsOf(program, funded);
const account = await program.account.job.fetch(job);

const createdAt = account.createdAt;
const window = config.params.jobIdWindowSecs;
const age = createdAt.sub(args.jobId.shrn(24)).toNumber();
const times = {
  createdAt,
  deadline: args.deadline,
  youngUntil: after(createdAt, 2 * window),
  dueAt: after(args.deadline, config.params.graceSecs),
};
const zero = new BN(0);
const owner = requester.publicKey;
const expectedJob = find(Buffer.from("job"), owner.toBuffer(), args.jobId.toArrayLike(Buffer, "le", 8));
const expected = {
  jobCreated: { schema: 1, job: expectedJob, jobSeq: new BN(1), requester: owner, ...args, ...times },
  jobFunded: {
    schema: 1,
    job: expectedJob,
    jobSeq: new BN(2),
    funder: owner,
    amount,
    fundedBefore: zero,
    fundedAfter: amount,
  },
  job: {
    requester: owner,
    ...args,
    ...times,
    funded: amount,
    committed: zero,
    paid: zero,
    refunded: zero,
    openLeases: 0,
    leasesTotal: 0,
    closingAt: zero,
    status: 0,
    seq: new BN(2),
    bump: PublicKey.findProgramAddressSync(
      [Buffer.from("job"), owner.toBuffer(), args.jobId.toArrayLike(Buffer, "le", 8)],
      program.programId,
    )[1],
    vaultBump: PublicKey.findProgramAddressSync([Buffer.from("escrow"), expectedJob.toBuffer()], program.programId)[1],
  },
};
const found = { [creation?.name]: creation?.data, [funding?.name]: funding?.data, job: account };
const vault = find(Buffer.from("escrow"), expectedJob.toBuffer());
const balance = (await connection.getTokenAccountBalance(vault, COMMITMENT)).value.amount;

const findings = differences(plain(expected), plain(found));
if (more.length + evenMore.length > 0) findings.push("a transaction emitted more than one event");
if (age < 0 || age > window) findings.push(`created_at is ${age} s after the second in the job's id`);
if (balance !== amount.toString()) findings.push(`the escrow holds ${balance}, ${amount} was sent`);

const fields = Object.values(plain(expected)).reduce((sum, part) => sum + Object.keys(part).length, 0);
const ok = findings.length === 0;
if (options.json) {
  const figures = { transactions: [created, funded], fields, ...plain(found) };
  console.log(JSON.stringify({ ok, command: "foreign", seed: Number(options.seed), figures, findings }, null, 2));
} else {
  console.log(JSON.stringify(plain(found), null, 2));
  for (const finding of findings) console.log(`✗ ${finding}`);
  console.log(`foreign: ${ok ? "ok" : "not ok"}, ${fields} fields compared, ${findings.length} findings`);
}
process.exitCode = ok ? 0 : 1;
