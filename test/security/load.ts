// Twice what the server can do, for so long, over a real socket and a database on disk: hooks, what-ifs, consults and feedback,
// some of them with a FHIR server that is slow. What must hold: 200 or 503 with Retry-After and nothing else, memory that stays
// where it was, an event loop that still turns, a stop under load that finishes what was accepted, and a ledger in which every
// answer has its record.   node test/security/load.ts --minutes 60
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLedger, type Digest } from '../../src/record/ledger.ts';
import { openDatabase, sqlOver } from '../../src/record/sqlite.ts';
import { pagesOf, verifyLedger } from '../../src/record/verify-ledger.ts';
import { bundle, ibuprofen, lab, orderSign, patientView, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;

export interface Loaded {
  seconds: number;
  offered: number;
  accepted: number;
  refused: number;
  /** Statuses that may not be, and 503 without Retry-After. */
  wrong: Record<string, number>;
  /** Connections that broke before an answer, while the server was running. */
  broken: number;
  milliseconds: { p50: number; p99: number; most: number };
  /** GET /health beside the load. */
  health: { p99: number; most: number; failed: number };
  /** Of the server, at the median of the second tenth and of the last. */
  rssMb: { early: number; late: number; most: number };
  stop: { seconds: number; code: number | null; inFlight: number; finished: number; refused: number; cut: number };
  ledger: { records: number; missing: number; chain: string };
  problems: string[];
}

const digest: Digest = (text) => createHash('sha256').update(text).digest('hex');
const node = new URL('../../src/node.ts', import.meta.url).pathname;
/** Requests that wait for an answer, at most: beyond it the client is the bottleneck. */
const mostOutstanding = 3000;
const paceMs = 20;

export async function loadTwiceOver({
  seconds,
  inFlight,
  report,
}: {
  seconds: number;
  inFlight?: number;
  report?: (line: string) => void;
}): Promise<Loaded> {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  const fhir = await slowFhir(150);
  const server = await running(folder, {
    TRUSTED_FHIR_SERVERS: fhir.url,
    // The slow FHIR server is in this process: when it is late, that says nothing of the one that is measured.
    CHART_DEADLINE_MS: '60000',
    ...(inFlight && { MAX_REQUESTS_IN_FLIGHT: String(inFlight) }),
  });
  const agent = new Agent({ keepAlive: true, maxSockets: mostOutstanding });
  const acknowledged = new Marks();
  const latencies = new Latencies();
  const healths = new Latencies();
  const rss: number[] = [];
  const wrong: Record<string, number> = {};
  const tally = { offered: 0, accepted: 0, refused: 0, broken: 0, healthFailed: 0 };
  const brokenBy: Record<string, number> = {};
  let outstanding = 0;
  let isStopping = false;
  let finished = 0;
  let refusedAtStop = 0;
  let cut = 0;

  const call = (path: string, body: Json | undefined, onAnswer: (status: number, retryAfter?: string) => void) =>
    new Promise<void>((resolve) => {
      const text = body && JSON.stringify(body);
      const broken = ({ code }: NodeJS.ErrnoException) => {
        // Who cannot connect knows that nothing was taken.
        if (isStopping && code !== 'ECONNREFUSED') cut += 1;
        if (!isStopping) brokenBy[String(code)] = (brokenBy[String(code)] ?? 0) + 1;
        onAnswer(0);
        resolve();
      };
      const sent = request(
        `${server.url}${path}`,
        {
          method: text ? 'POST' : 'GET',
          agent,
          ...(text && { headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } }),
        },
        (answer) => {
          answer.resume();
          answer.once('end', () => {
            onAnswer(answer.statusCode!, answer.headers['retry-after']);
            resolve();
          });
          answer.once('error', broken);
        },
      );
      sent.once('error', broken);
      sent.end(text);
    });

  async function once(): Promise<void> {
    const number = tally.offered++;
    const { path, body } = requestOf(number, fhir.url);
    const from = performance.now();
    outstanding += 1;
    await call(path, body, (status, retryAfter) => {
      if (status === 200) {
        tally.accepted += 1;
        acknowledged.add(number);
        latencies.add(performance.now() - from);
        if (isStopping) finished += 1;
      } else if (status === 503 && retryAfter) {
        tally.refused += 1;
        if (isStopping) refusedAtStop += 1;
      } else if (status === 0) tally.broken += isStopping ? 0 : 1;
      else wrong[status] = (wrong[status] ?? 0) + 1;
    });
    outstanding -= 1;
  }

  // A fresh process compiles as it goes: the first requests are not the measure.
  for (let n = 0; n < 60; n++) await once();
  latencies.clear();
  const started = performance.now();
  const endsAt = started + seconds * 1000;
  let perSecond = 60;
  let acceptedBefore = tally.accepted;
  let paced = started;
  let sampledAt = started;
  let owed = 0;
  while (performance.now() < endsAt) {
    await pause(paceMs);
    const now = performance.now();
    owed += ((now - paced) / 1000) * perSecond;
    paced = now;
    for (; owed >= 1; owed -= 1) if (outstanding < mostOutstanding) void once();
    if (now - sampledAt < 1000) continue;
    // Always twice what is answered: a server that gets faster gets more.
    const rate = ((tally.accepted - acceptedBefore) * 1000) / (now - sampledAt);
    acceptedBefore = tally.accepted;
    sampledAt = now;
    perSecond = Math.min(20_000, Math.max(40, 0.7 * perSecond + 0.3 * 2 * rate, Math.min(2 * rate, perSecond * 1.5)));
    rss.push(rssOf(server.child));
    const asked = performance.now();
    void call('/health', undefined, (status) => {
      if (status === 200) healths.add(performance.now() - asked);
      else if (!isStopping) tally.healthFailed += 1;
    });
    if (rss.length % 60 === 0)
      report?.(
        `${Math.round((now - started) / 1000)} s: ${tally.accepted} accepted, ${tally.refused} refused, ${Math.round(rate)}/s answered, ${Math.round(perSecond)}/s offered, RSS ${rss.at(-1)} MB`,
      );
  }
  const ranFor = (performance.now() - started) / 1000;

  // Stop in the middle of it: what is under way is answered, what comes later is not taken.
  for (let n = 0; n < 200 && outstanding < mostOutstanding; n++) void once();
  await pause(30);
  const inFlightAtStop = outstanding;
  const stoppedAt = performance.now();
  const gone = new Promise<number | null>((resolve) => server.child.once('exit', resolve));
  isStopping = true;
  server.child.kill('SIGTERM');
  const code = await gone;
  const stopSeconds = (performance.now() - stoppedAt) / 1000;
  while (outstanding > 0) await pause(20);
  agent.destroy();
  fhir.close();

  const ledger = await inLedger(folder, acknowledged);
  rmSync(folder, { recursive: true });
  const tenth = Math.max(1, Math.floor(rss.length / 10));
  const rssMb = {
    early: median(rss.slice(tenth, tenth * 2 + 1)),
    late: median(rss.slice(-tenth)),
    most: Math.max(...rss),
  };
  const result = {
    seconds: ranFor,
    ...tally,
    wrong,
    milliseconds: { p50: latencies.at(0.5), p99: latencies.at(0.99), most: latencies.most },
    health: { p99: healths.at(0.99), most: healths.most, failed: tally.healthFailed },
    rssMb,
    stop: { seconds: stopSeconds, code, inFlight: inFlightAtStop, finished, refused: refusedAtStop, cut },
    ledger,
  };
  const problems = [
    ...Object.entries(wrong).map(([status, times]) => `${times} answers of ${status}`),
    ...(tally.broken > 0 ? [`${tally.broken} connections broke: ${JSON.stringify(brokenBy)}`] : []),
    ...(tally.healthFailed > 0 ? [`/health failed ${tally.healthFailed} times`] : []),
    ...(rssMb.late > rssMb.early * 1.5 + 100 ? ['memory grew'] : []),
    ...(cut > inFlightAtStop / 10 + 5 ? [`${cut} requests were cut off by the stop`] : []),
    ...(code !== 0 ? [`the server ended with ${code}`] : []),
    ...(ledger.missing > 0 ? [`${ledger.missing} answers without a record`] : []),
    ...(ledger.chain === 'holds' ? [] : [ledger.chain]),
    ...(tally.accepted === 0 ? ['nothing was accepted'] : []),
  ];
  return { ...result, problems };
}

/** Every request has a number, which is in its ids: the ledger can be counted against what was acknowledged. */
const idOf = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const numberOf = (id: unknown): number | undefined =>
  typeof id === 'string' && id.startsWith('00000000-0000-4000-8000-') ? Number.parseInt(id.slice(24), 16) : undefined;

function requestOf(number: number, fhirServer: string): { path: string; body: Json } {
  const hookInstance = idOf(number);
  const sign = {
    ...orderSign({
      draftOrders: [ibuprofen()],
      medications: [warfarin()],
      prefetch: { labs: bundle(lab('6301-6', 2 + (number % 30) / 10, '1'), lab('2160-0', 1.6, 'mg/dL')) },
    }),
    hookInstance,
  };
  switch (number % 20) {
    case 0:
      return {
        path: '/consult',
        body: { ...patientView(), hookInstance, question: 'crushing chest pain for two hours' },
      };
    case 1:
      return {
        path: '/what-if',
        body: { ...sign, changes: [{ do: 'stop', medication: { reference: 'MedicationRequest/m-warfarin' } }] },
      };
    case 2:
    case 3:
      return {
        path: '/cds-services/medication-safety/feedback',
        body: { feedback: [{ card: hookInstance, outcome: 'overridden' }] },
      };
    case 4: {
      const { medications: _, ...prefetch } = (sign as unknown as { prefetch: Json }).prefetch;
      return { path: '/cds-services/medication-safety', body: { ...sign, prefetch, fhirServer } };
    }
    default:
      return { path: '/cds-services/medication-safety', body: sign };
  }
}

async function inLedger(folder: string, acknowledged: Marks): Promise<Loaded['ledger']> {
  const database = openDatabase(join(folder, 'ledger.sqlite'), { busyMs: 5000 });
  const ledger = createLedger(sqlOver(database), { now: () => new Date(), digest });
  const written = new Marks();
  async function* noted() {
    for await (const rows of pagesOf((query) => ledger.read(query))) {
      for (const { body } of rows) {
        const { kind, instance, feedback } = JSON.parse(body) as {
          kind: string;
          instance?: string;
          feedback?: { card: string }[];
        };
        if (kind === 'refusal' || kind === 'consult-end') continue;
        for (const id of [instance, ...(feedback ?? []).map(({ card }) => card)]) {
          const number = numberOf(id);
          if (number !== undefined) written.add(number);
        }
      }
      yield rows;
    }
  }
  const verified = await verifyLedger(noted(), { digest });
  database.close();
  return {
    records: verified.records,
    missing: acknowledged.without(written),
    chain: verified.ok ? 'holds' : `the chain is broken at ${verified.at}: ${verified.why}`,
  };
}

/** Numbers that were seen, a bit each. */
class Marks {
  #bits = new Uint8Array(1 << 16);
  add(number: number): void {
    const place = number >> 3;
    if (place >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(place + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[place]! |= 1 << (number & 7);
  }
  has(number: number): boolean {
    return ((this.#bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }
  /** How many of these are not among the others. */
  without(others: Marks): number {
    let count = 0;
    for (let number = 0; number < this.#bits.length * 8; number++)
      if (this.has(number) && !others.has(number)) count += 1;
    return count;
  }
}

/** Latencies in steps of five percent: an hour of them takes no more room than a minute. */
class Latencies {
  readonly #steps = new Map<number, number>();
  #count = 0;
  most = 0;
  clear(): void {
    this.#steps.clear();
    this.#count = 0;
    this.most = 0;
  }
  add(ms: number): void {
    const step = Math.round(Math.log(Math.max(ms, 0.01)) / Math.log(1.05));
    this.#steps.set(step, (this.#steps.get(step) ?? 0) + 1);
    this.#count += 1;
    this.most = Math.max(this.most, ms);
  }
  at(share: number): number {
    let left = this.#count * share;
    for (const [step, times] of [...this.#steps].sort(([a], [b]) => a - b)) {
      left -= times;
      if (left <= 0) return 1.05 ** step;
    }
    return 0;
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Resident memory in MB, where there is a /proc. */
function rssOf({ pid }: ChildProcess): number {
  try {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kb ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** A FHIR server that takes its time over every search. */
async function slowFhir(milliseconds: number): Promise<{ url: string; close: () => void }> {
  const text = JSON.stringify(bundle(warfarin()));
  const server = createServer(
    (_, answer) =>
      void setTimeout(() => answer.setHeader('content-type', 'application/fhir+json').end(text), milliseconds),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/fhir`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function running(folder: string, env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [node], {
    env: { ...process.env, PORT: '0', DATA_DIR: folder, NODE_ENV: '', SANDBOX: 'on', CDS_CLIENTS: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      if (said.length > 10_000) return;
      said += chunk.toString();
      const url = /CDS services\s+(\S+)\/cds-services/.exec(said)?.[1];
      if (url) resolve({ child, url });
    });
    child.once('exit', () => reject(new Error('the server did not start')));
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error('--minutes takes a number above 0');
  const told = await loadTwiceOver({ seconds: minutes * 60, report: (line) => console.log(line) });
  const { accepted, refused, offered, milliseconds, health, rssMb, stop, ledger, problems } = told;
  const ms = (value: number) => `${Math.round(value)} ms`;
  console.log(
    [
      `${(told.seconds / 60).toFixed(1)} minutes on ${availableParallelism()} cores, client beside it: ${offered} offered, ${accepted} answered (${Math.round(accepted / told.seconds)} a second), ${refused} refused with 503.`,
      `Answered in ${ms(milliseconds.p50)} at the median, ${ms(milliseconds.p99)} at p99, ${ms(milliseconds.most)} at most; /health ${ms(health.p99)} at p99, ${ms(health.most)} at most.`,
      `RSS ${rssMb.early} MB early, ${rssMb.late} MB late, ${rssMb.most} MB at most.`,
      `Stopped under load in ${stop.seconds.toFixed(1)} s: of ${stop.inFlight} requests on the way ${stop.finished} were answered, ${stop.refused} refused with 503, ${stop.cut} cut off, the rest could not connect any more.`,
      `Ledger: ${ledger.records} records, ${ledger.missing} answers without one, the chain ${ledger.chain}.`,
      problems.length === 0 ? 'All holds.' : `PROBLEMS: ${problems.join('; ')}.`,
    ].join('\n'),
  );
  process.exit(problems.length === 0 ? 0 : 1);
}
