// npm run screenshots: the pictures of the README, taken of the built product with its own sandbox patients.
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { start } from '../src/node.ts';
import { launchStrict } from './support/browser.ts';

const folder = new URL('../smart-app/pictures/', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });

const browser = await launchStrict();
if (!browser) {
  console.error('No Chromium starts here: install one, or name it in CHROMIUM_PATH.');
  process.exit(1);
}
const server = await start({ PORT: '0', DATA_DIR: ':memory:' });

async function page(theme: 'light' | 'dark', size: { width: number; height: number }, from: Browser): Promise<Page> {
  const context = await from.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce' });
  return context.newPage();
}

/** The sandbox EHR with an order being written, its cards, and the panel beside it. */
async function ehr(theme: 'light' | 'dark', name: string): Promise<void> {
  const view = await page(theme, { width: 1440, height: 900 }, browser!);
  await view.goto(`${server.sandboxUrl}/ehr/`);
  await view.getByText('Confusion and dysuria, on warfarin').first().click();
  await view.getByRole('button', { name: /^Try/ }).first().click();
  await view
    .getByText(/with warfarin/i)
    .first()
    .waitFor();
  await view.getByRole('button', { name: 'Open panel' }).click();
  await view
    .frameLocator('iframe')
    .getByText(/with warfarin/i)
    .first()
    .waitFor();
  await view.screenshot({ path: `${folder}${name}.png` });
  await view.context().close();
}

/** The panel alone, on one of its tabs. */
async function panel(
  theme: 'light' | 'dark',
  patient: string,
  tab: string,
  ready: string | RegExp,
  name: string,
): Promise<void> {
  const view = await page(theme, { width: 1280, height: 800 }, browser!);
  const minted = await fetch(`${server.sandboxUrl}/ehr/api/launch`, {
    method: 'POST',
    headers: { origin: server.sandboxUrl!, 'content-type': 'application/json' },
    body: JSON.stringify({ patient }),
  });
  const { launch } = (await minted.json()) as { launch: string };
  await view.goto(
    `${server.publicUrl}/smart/launch?iss=${encodeURIComponent(`${server.sandboxUrl}/fhir/R4`)}&launch=${launch}`,
  );
  await view.getByRole('tab', { name: tab }).click();
  await view.getByText(ready).first().waitFor();
  await view.screenshot({ path: `${folder}${name}.png` });
  await view.context().close();
}

await ehr('light', 'ehr-light');
await ehr('dark', 'ehr-dark');
await panel('light', 'halloran', 'Diagnosis', 'Cannot miss', 'diagnosis-light');
await panel('dark', 'halloran', 'Diagnosis', 'Cannot miss', 'diagnosis-dark');
await panel('light', 'okonjo', 'Trends', /Creatinine/, 'trends-light');
await browser.close();
await server.stop();
console.log(`Pictures are in ${folder}`);
