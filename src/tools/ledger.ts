// The operator's view of the ledger: verify the chain, take it out, let go of what is old, see whether a card of then would come
// out the same. Works while the server runs.
//   npm run ledger -- verify [file.ndjson] [--anchor 120:ab12…]
//   npm run ledger -- export > ledger.ndjson
//   npm run ledger -- prune --days 2190
//   npm run ledger -- head
//   npm run ledger -- replay 120 chart.json [--rules rules/] [--json]    120: the record's number, or a card's uuid
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { outcomeOf, Refused } from '../outcome.ts';
import { createLedger, type Digest, type LedgerRow } from '../record/ledger.ts';
import { openDatabase, sqlOver } from '../record/sqlite.ts';
import { pagesOf, verifyLedger } from '../record/verify-ledger.ts';
import { replayOffline, told } from './replay.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    anchor: { type: 'string' },
    days: { type: 'string' },
    rules: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const [command = 'verify', given, chartFile] = positionals;
const key = process.env.LEDGER_KEY || undefined;
const digest: Digest = (text) => createHash('sha256').update(text).digest('hex');

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

function open() {
  const file = join(process.env.DATA_DIR ?? '.curbside/', 'ledger.sqlite');
  if (!existsSync(file)) fail(`There is no ledger at ${file}. Set DATA_DIR to the server's.`);
  return createLedger(sqlOver(openDatabase(file, { busyMs: 5000 })), {
    now: () => new Date(),
    digest,
    ...(key && { key }),
  });
}

async function* linesOf(file: string): AsyncGenerator<LedgerRow[]> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim()) yield [JSON.parse(line) as LedgerRow];
  }
}

function anchorOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const [, seq, hash] =
    /^(\d+):([0-9a-f]{64})$/.exec(text) ?? fail('--anchor takes "number:hash", as "npm run ledger -- head" prints it.');
  return { seq: Number(seq), hash: hash! };
}

if (command === 'verify') {
  const anchor = anchorOf(values.anchor);
  const ledger = given ? undefined : open();
  const verified = await verifyLedger(ledger ? pagesOf((query) => ledger.read(query)) : linesOf(given!), {
    digest,
    ...(key && { key }),
    ...(anchor && { anchor }),
  });
  const { records, first, last, checkpoints, signed } = verified;
  if (!verified.ok) fail(`BROKEN at record ${verified.at}: ${verified.why}. ${records} records before it hold.`);
  console.log(
    `The chain holds: ${records} records${records ? `, ${first} to ${last}, head ${last}:${verified.head}` : ''}; ${checkpoints} checkpoints, ${signed} signed${signed && !key ? ' (set LEDGER_KEY to check the signatures)' : ''}.`,
  );
} else if (command === 'export') {
  const ledger = open();
  for await (const rows of pagesOf((query) => ledger.read(query)))
    process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
} else if (command === 'head') {
  const [last] = await open().read({ limit: 1 });
  console.log(last ? `${last.seq}:${last.hash}` : 'The ledger is empty.');
} else if (command === 'prune') {
  const days = Number(values.days ?? process.env.LEDGER_DAYS);
  if (!(days >= 30)) fail('prune takes --days, at least 30.');
  const ledger = open();
  const { through } = await ledger.prune(new Date(Date.now() - days * 86_400_000));
  await ledger.close();
  console.log(
    through
      ? `Let go of everything up to record ${through}; the rest begins at a checkpoint and still verifies.`
      : 'Nothing is old enough, or no checkpoint lies before it.',
  );
} else if (command === 'replay') {
  if (!given || !chartFile || !existsSync(chartFile))
    fail(
      'replay takes the number of a record or the uuid of a card, and a file with the request: {"context", "prefetch"}.',
    );
  const ledger = open();
  const [row] = /^\d+$/.test(given)
    ? (await ledger.read({ after: Number(given) - 1, limit: 1 })).filter(({ seq }) => seq === Number(given))
    : await ledger.read({ card: given, limit: 1 });
  if (!row) fail(`The ledger has no record ${/^\d+$/.test(given) ? given : `that shows the card ${given}`}.`);
  try {
    const replayed = await replayOffline(row, JSON.parse(readFileSync(chartFile, 'utf8')), {
      ...(values.rules && { rules: values.rules }),
      ...(key && { key }),
      digest,
    });
    console.log(values.json ? JSON.stringify(replayed, null, 2) : told(replayed));
    process.exit(replayed.isReproduced ? 0 : 2);
  } catch (error) {
    if (error instanceof SyntaxError) fail(`${chartFile} is not JSON.`);
    if (!(error instanceof Refused)) throw error;
    fail(outcomeOf(error.refusal).body.issue[0]!.diagnostics);
  }
} else fail(`"${command}" is not a command: verify, export, head, prune, replay.`);
