// Kills the server with SIGKILL in the middle of writing, again and again, and counts: every answer that a client got must be
// in the ledger, and the chain must hold.   node test/security/kill.ts 100
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedger, type Digest } from '../../src/record/ledger.ts';
import { openDatabase, sqlOver } from '../../src/record/sqlite.ts';
import { pagesOf, verifyLedger } from '../../src/record/verify-ledger.ts';
import { ibuprofen, orderSign, warfarin } from '../support/requests.ts';

export interface Killed {
  kills: number;
  acknowledged: number;
  missing: string[];
  records: number;
  chain: string;
}

const digest: Digest = (text) => createHash('sha256').update(text).digest('hex');
const node = new URL('../../src/node.ts', import.meta.url).pathname;

export async function killAgainAndAgain(kills: number, { connections = 8, mostMs = 600 } = {}): Promise<Killed> {
  const folder = mkdtempSync(join(tmpdir(), 'kill-'));
  const acknowledged = new Set<string>();
  try {
    for (let n = 0; n < kills; n++) {
      const { child, url } = await running(folder);
      let isOver = false;
      const before = acknowledged.size;
      const load = Promise.all(
        Array.from({ length: connections }, async (_, place) => {
          while (!isOver) {
            // Hooks and feedback, in turn: both are acknowledged, both must be there.
            const request = orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] }) as {
              hookInstance: string;
            };
            try {
              if (place % 4 === 3) {
                const card = crypto.randomUUID();
                const answer = await post(`${url}/cds-services/medication-safety/feedback`, {
                  feedback: [{ card, outcome: 'overridden' }],
                });
                if (answer) acknowledged.add(card);
              } else if (await post(`${url}/cds-services/medication-safety`, request))
                acknowledged.add(request.hookInstance);
            } catch {
              return;
            }
          }
        }),
      );
      // A fresh process is slow; the kill comes once it is answering.
      while (acknowledged.size === before) await pause(5);
      await pause((n * 137) % mostMs);
      child.kill('SIGKILL');
      isOver = true;
      await load;
    }
    const database = openDatabase(join(folder, 'ledger.sqlite'), { busyMs: 5000 });
    const ledger = createLedger(sqlOver(database), { now: () => new Date(), digest });
    const verified = await verifyLedger(
      pagesOf((query) => ledger.read(query)),
      { digest },
    );
    const written = new Set<string>();
    for await (const rows of pagesOf((query) => ledger.read(query))) {
      for (const { body } of rows) {
        const event = JSON.parse(body) as { instance?: string; feedback?: { card: string }[] };
        if (event.instance) written.add(event.instance);
        for (const { card } of event.feedback ?? []) written.add(card);
      }
    }
    database.close();
    return {
      kills,
      acknowledged: acknowledged.size,
      missing: [...acknowledged].filter((id) => !written.has(id)),
      records: verified.records,
      chain: verified.ok ? 'holds' : `broken at ${verified.at}: ${verified.why}`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function post(url: string, body: unknown): Promise<boolean> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.text();
  return answer.status === 200;
}

function running(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [node], {
    env: { ...process.env, PORT: '0', DATA_DIR: folder, NODE_ENV: '', SANDBOX: 'on', CDS_CLIENTS: '' },
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
  const result = await killAgainAndAgain(Number(process.argv[2] ?? 100));
  const { kills, acknowledged, missing, records, chain } = result;
  console.log(
    `${kills} kills; ${acknowledged} answers acknowledged, ${missing.length} of them missing; ${records} records, the chain ${chain}.`,
  );
  process.exit(missing.length === 0 && chain === 'holds' ? 0 : 1);
}
