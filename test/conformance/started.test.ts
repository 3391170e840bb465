// The clauses against a started server, on Node and on workerd: what a vendor's own run of `npm run conformance` meets.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';
import { start } from '../../src/node.ts';
import { type Clause, clauses, type Target } from './clauses.ts';
import { moreClauses } from './more-clauses.ts';
import { smartClauses } from './smart-clauses.ts';

let node: Awaited<ReturnType<typeof start>>;
let harness: TestHarness;
const below = (target: Target, folder: string): Target => ({
  fetch: (path, init) => target.fetch(`${folder}${path}`, init),
});
const runtimes: [string, Target][] = [
  ['Node', { fetch: (path, init) => fetch(`${node.publicUrl}${path}`, init) }],
  ['workerd', { fetch: (path, init) => harness.fetch(path, init as never) as unknown as Promise<Response> }],
];

beforeAll(async () => {
  node = await start({ PORT: '0', DATA_DIR: ':memory:' });
  harness = createTestHarness({ workers: [{ configPath: new URL('../../wrangler.toml', import.meta.url).pathname }] });
  await harness.listen();
  await harness.getWorker().applyD1Migrations('DB');
});
afterAll(async () => {
  await node?.stop();
  await harness?.close();
});

/** All at once: one at a time they would wait for the ledger's disk, hundreds of times. */
const findings = async (list: readonly Clause[], target: Target): Promise<string[]> =>
  (await Promise.all(list.map(async ({ id, check }) => [id, await check(target)] as const))).flatMap(([id, found]) =>
    found ? `${id}: ${found}` : [],
  );

describe.each(runtimes)('on %s', (_, target) => {
  it('every clause of CDS Hooks is met', async () => {
    expect(await findings([...clauses, ...moreClauses], target)).toEqual([]);
  }, 120_000);

  it('every clause of SMART discovery is met by the sandbox', async () => {
    expect(await findings(smartClauses, below(target, '/fhir/R4'))).toEqual([]);
  });
});
