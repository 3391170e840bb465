// The built console in Chromium: figures, a card's reasons, a replay that saves a draft, the queue; accessible at every width.
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looks, violations } from '../support/accessible.ts';
import { launchStrict } from '../support/browser.ts';
import { ibuprofen, orderSign, warfarin } from '../support/requests.ts';
import { type ConsoleServer, startConsole } from './console-support.ts';

const browser = await launchStrict();
if (!browser)
  console.warn('No Chromium was found: the console is not tested in a browser. Set CHROMIUM_PATH to test it.');

let server: ConsoleServer;
beforeAll(async () => {
  server = await startConsole();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function open({
  width = 1280,
  theme = 'light' as 'light' | 'dark',
  base = server.base,
} = {}): Promise<{ page: Page; trouble: string[] }> {
  const page = await (browser as Browser).newPage({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on(
    'request',
    (request) =>
      !request.url().startsWith(base) &&
      !/^(data|blob):/.test(request.url()) &&
      trouble.push(`left for ${request.url()}`),
  );
  await page.goto(base);
  return { page, trouble };
}

const isTooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe.skipIf(!browser)('the console', () => {
  it('weighs at most 90 kB of script, compressed', async () => {
    const assets = join(server.dist, 'console/assets');
    const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
    expect(scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0)).toBeLessThan(
      90_000,
    );
  });

  it('may be framed by nobody', async () => {
    const { headers } = await fetch(server.base);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it('shows the burden of each rule, and why its newest card spoke', async () => {
    const { page, trouble } = await open();
    await page.getByRole('table').waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(5);
    await page.getByLabel('Find a rule').fill('warfarin-sulfamethoxazole');
    expect(await page.getByRole('row').count()).toBe(2);
    await page.getByRole('button', { name: 'warfarin-sulfamethoxazole' }).click();
    await page.getByRole('heading', { name: 'Why did warfarin-sulfamethoxazole speak here?' }).waitFor();
    expect(await page.locator('.tree .decides').first().innerText()).toContain('newly combines: vitamin-k-antagonists');
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('turns a threshold, lists every case that would be missed, and saves a draft that alerts nobody', async () => {
    const { page, trouble } = await open();
    await page.getByRole('tab', { name: 'Catalogue' }).click();
    await page.getByLabel('Find in the catalogue').fill('nsaids-kidney');
    await page.getByRole('button', { name: 'Replay nsaids-kidney', exact: true }).click();
    const limit = page.locator('.threshold input').first();
    await limit.fill('5');
    await page.getByRole('button', { name: 'Run on the cohort' }).click();
    await page.getByText(/Would be missed: \d+/).waitFor();
    expect(await page.locator('.bars').innerText()).toMatch(/0: \d+ would be missed/);
    await page.getByRole('button', { name: 'Save as draft edit' }).click();
    await page.getByText('Saved as rules/drafts/nsaids-kidney.json. Nobody is alerted by it.').waitFor();
    expect(JSON.parse(server.saved.get('nsaids-kidney')!)).toMatchObject({ id: 'nsaids-kidney', status: 'draft' });
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('keeps a queue of alerts that were called wrong', async () => {
    const { page, trouble } = await open();
    await page.getByRole('tab', { name: 'Overrides' }).click();
    const item = page.locator('.entries > li').first();
    await item.waitFor();
    expect(await page.getByText('haemolysed').count()).toBeGreaterThan(0);
    await page
      .getByRole('button', { name: /^Data mended/ })
      .first()
      .click();
    await page.locator('.pill.ok').first().waitFor();
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('compares another set of rules with the running one', async () => {
    const { page } = await open();
    await page.getByRole('tab', { name: 'Compare' }).click();
    const rule = {
      ...JSON.parse(readFileSync(new URL('../../rules/kidney/nsaids-kidney.json', import.meta.url), 'utf8')),
      status: 'retired',
    };
    await page
      .getByLabel('Set of rules', { exact: true })
      .setInputFiles({ name: 'next.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify([rule])) });
    await page.getByText('nsaids-kidney (status)').waitFor({ timeout: 20_000 });
    await page.close();
  });

  it('says of a pasted request why a rule did not fire, and what would have made it', async () => {
    const { page, trouble } = await open();
    await page.getByRole('tab', { name: 'Request' }).click();
    const request = orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] });
    await page.getByRole('textbox', { name: 'Request' }).fill(JSON.stringify(request));
    await page.getByLabel('Only this rule').fill('nsaids-kidney');
    await page.getByRole('button', { name: 'Trace' }).click();
    await page.getByText(/It would fire with: /).waitFor();
    await page.getByLabel('Only this rule').fill('');
    await page.getByRole('button', { name: 'Trace' }).click();
    const item = page.getByRole('listitem').filter({ hasText: 'warfarin-nsaid' }).first();
    await item.getByText('Fired, tier high-risk-nsaid-ordered').waitFor();
    await page.getByRole('textbox', { name: 'Request' }).fill('{ half');
    await page.getByRole('button', { name: 'Trace' }).click();
    await page.getByText('This is not JSON').waitFor();
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('shows what the model’s drafts came to', async () => {
    const { page, trouble } = await open();
    await page.getByRole('tab', { name: 'AI quality' }).click();
    await page.getByText('35 of 447').waitFor();
    expect(await page.locator('.reasons').innerText()).toMatch(/Cites nothing\s+21/);
    await page.getByText('Failed (deadline): 3').waitFor();
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('is used with the keyboard alone', async () => {
    const { page } = await open();
    await page.getByRole('table').waitFor();
    await page.getByRole('tab', { name: 'Rules' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { name: 'Catalogue' }).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('End');
    expect(await page.getByRole('tab', { name: 'AI quality' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('AI quality');
    await page.close();
  });

  it('asks for a token where it is not open, and opens with it', async () => {
    const token = 'an-audit-token-of-some-length';
    const closed = await startConsole({ AUDIT_TOKEN: token });
    const { page } = await open({ base: closed.base });
    await page.getByLabel('Access token').fill('a wrong one');
    await page.getByRole('button', { name: 'Open the console' }).click();
    expect(await page.getByRole('table').count()).toBe(0);
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Open the console' }).click();
    await page.getByRole('heading', { name: 'Rules by burden' }).waitFor();
    await page.close();
    await closed.stop();
  });

  it.each(looks([320, 800, 1280]))(
    'is accessible and fits, %s at %i',
    async (theme, width) => {
      const { page, trouble } = await open({ theme, width });
      for (const tab of ['Rules', 'Catalogue', 'Overrides', 'Compare', 'Request', 'AI quality']) {
        await page.getByRole('tab', { name: tab }).click();
        await page.getByRole('heading', { level: 2 }).first().waitFor();
        if (tab === 'Rules') await page.locator('.tree').first().waitFor();
        if (tab === 'Catalogue' || tab === 'Overrides') await page.locator('.entries > li').first().waitFor();
        expect(await violations(page), tab).toEqual([]);
        expect(await isTooWide(page), `${tab} at ${width}`).toBe(false);
        if (process.env.SHOTS)
          await page.screenshot({
            path: join(process.env.SHOTS, `console-${tab}-${theme}-${width}.png`),
            fullPage: width < 1280,
          });
      }
      expect(trouble).toEqual([]);
      await page.close();
    },
    120_000,
  );
});
