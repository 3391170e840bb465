// The same launch on workerd: its address is framed by its own sandbox EHR in Chromium, cookie, callback and session included.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';
import { launchStrict } from '../support/browser.ts';
import { contextOf, type Served, visit } from './live-support.ts';

vi.setConfig({ testTimeout: 90_000 });

const browser = await launchStrict();
let harness: TestHarness | undefined;
let served: Served;

beforeAll(async () => {
  if (!browser) return;
  const worker = { configPath: new URL('../../wrangler.toml', import.meta.url).pathname };
  harness = createTestHarness({ workers: [worker] });
  // The port is known only once it listens; then the worker is told what it is called from outside.
  const { port } = new URL((await harness.listen()).url);
  served = { publicUrl: `http://127.0.0.1:${port}`, sandboxUrl: `http://localhost:${port}` };
  await harness.update({
    workers: [{ ...worker, vars: { SANDBOX: 'on', PUBLIC_URL: served.publicUrl, SANDBOX_URL: served.sandboxUrl } }],
  });
  await harness.getWorker().applyD1Migrations('DB');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await harness?.close();
});

describe.skipIf(!browser)('on workerd', () => {
  it('a chart opens, an order gets its Stop card, and the panel launches beside it and shows both', async () => {
    const context = await contextOf(browser!, false);
    const one = await visit(context, served);
    await one.open('castellanos');
    await one.prescribe();
    await one.orderCards().getByRole('button', { name: 'Open in Curbside' }).first().click();
    await one.name().filter({ hasText: 'CASTELLANOS' }).waitFor();
    await one.panel().locator('article.stop').first().waitFor();
    await one.panel().getByRole('tab', { name: 'Diagnosis' }).click();
    await one.panel().locator('article.dx').first().waitFor();
    expect(one.trouble).toEqual([]);
    await context.close();
  });
});
