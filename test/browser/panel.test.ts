// The built panel in Chromium, over the gallery's states: accessible, keyboard alone, unbroken by hostile cards.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { states } from '../../smart-app/gallery/states.ts';
import { pageHeaders } from '../../src/smart/page.ts';
import { looks, violations } from '../support/accessible.ts';
import { launchStrict } from '../support/browser.ts';

const widths = [320, 380, 800, 1280];
const names = Object.keys(states);

const browser = await launchStrict();
if (!browser)
  console.warn('No Chromium was found: the panel is not tested in a browser. Set CHROMIUM_PATH to test it.');

let dist: string;
let server: Server;
let base: string;

/** Built once, and served with the very headers of the panel, so that a breach of its CSP shows here. */
beforeAll(async () => {
  if (!browser) return;
  dist = await mkdtemp(join(tmpdir(), 'curbside-panel-'));
  for (const page of ['panel', 'gallery']) {
    await build({
      root: fileURLToPath(new URL(`../../smart-app/${page}`, import.meta.url)),
      base: './',
      configFile: false,
      logLevel: 'error',
      oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
      build: { outDir: join(dist, page), emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
    });
  }
  const types: Record<string, string> = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript',
    '.css': 'text/css',
  };
  server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://x').pathname.replace(/\/$/, '/index.html');
    const file = join(dist, path);
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    response
      .writeHead(200, { ...pageHeaders("'none'"), 'content-type': types[extname(file)] ?? 'text/plain' })
      .end(readFileSync(file));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  if (dist) await rm(dist, { recursive: true, force: true });
});

/** A page that remembers every error, every breach of the CSP and every request that leaves. */
async function open(name: string, { width = 380, theme = 'light' } = {}): Promise<{ page: Page; trouble: string[] }> {
  const page = await (browser as Browser).newPage({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on(
    'request',
    (request) =>
      !request.url().startsWith(base) &&
      !request.url().startsWith('data:') &&
      trouble.push(`left for ${request.url()}`),
  );
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${base}/gallery/?theme=${theme}#${name}`);
  await page.locator('main').waitFor();
  await page.getByText('Loading', { exact: true }).waitFor({ state: 'detached' });
  return { page, trouble };
}

const overflow = (page: Page) =>
  page.evaluate(() => {
    const wide = (element: Element | null) => (element ? element.scrollWidth - element.clientWidth : 0);
    return Math.max(
      wide(document.documentElement),
      wide(document.querySelector('.pane')),
      wide(document.querySelector('.app')),
    );
  });

describe.skipIf(!browser)('every state of the panel', () => {
  it('is accessible and fits, in both themes, at 320, 380, 800 and 1280', async () => {
    const found: string[] = [];
    const { page, trouble } = await open(names[0]!);
    for (const [place, name] of names.entries()) {
      await page.evaluate((to) => {
        location.hash = to;
      }, name);
      await page.locator('main').waitFor();
      await page.getByText('Loading', { exact: true }).waitFor({ state: 'detached' });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        const extra = await overflow(page);
        if (extra > 0) found.push(`${name} ${width}: ${extra} px too wide`);
      }
      // One of the extremes each, in turn; every one of them for a release.
      const all = looks(widths);
      for (const [theme, width] of process.env.AXE === 'all' ? all : [all[place % all.length]!]) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate((shade) => {
          document.documentElement.dataset.theme = shade;
        }, theme);
        found.push(...(await violations(page)).map((text) => `${name} ${width} ${theme}: ${text}`));
      }
      found.push(...trouble.splice(0).map((text) => `${name}: ${text}`));
    }
    await page.close();
    expect(found).toEqual([]);
  }, 180_000);
});

describe.skipIf(!browser)('a hostile card', () => {
  it('runs nothing, asks for nothing, and holds the layout at 320', async () => {
    const { page, trouble } = await open('hostile', { width: 320 });
    expect(await page.evaluate(() => (globalThis as { hacked?: unknown }).hacked)).toBeUndefined();
    expect(await page.locator('.pane img, .pane iframe, .pane script, .pane object').count()).toBe(0);
    const links = await page
      .locator('.pane a')
      .evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.getAttribute('rel')]));
    for (const [href, rel] of links) {
      expect(href).toMatch(/^https:\/\/example\.org\//);
      expect(rel).toContain('noopener');
    }
    expect(await page.locator('article').count()).toBe(61);
    expect(/[\u202a-\u202e\u2066-\u2069]/.test(await page.locator('.pane').innerText())).toBe(false);
    expect(await overflow(page)).toBe(0);
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('holds at 200 % text', async () => {
    const { page } = await open('cards', { width: 640 });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    await page.setViewportSize({ width: 380, height: 800 });
    expect(await overflow(page)).toBe(0);
    await page.close();
  });
});

describe.skipIf(!browser)('by keyboard alone', () => {
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

  it('moves through the tabs with arrows', async () => {
    const { page, trouble } = await open('cards');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toContain('Cards');
    for (const name of ['Diagnosis', 'What if', 'Trends', 'About', 'Cards']) {
      await page.keyboard.press('ArrowRight');
      expect(await focused(page)).toContain(name);
      expect(await page.getByRole('tab', { selected: true }).innerText()).toContain(name);
    }
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('reads the evidence, overrides with monitoring, and lands on the next card', async () => {
    const { page, trouble } = await open('cards');
    await page.clock.install();
    await page.keyboard.press('Tab');
    await page.keyboard.press('j');
    expect(await focused(page)).toContain('Warfarin: serious bleeding risk');
    await page.keyboard.press('e');
    await page.getByText('St Brigid lab').first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toContain('INR 2.6');
    await page.keyboard.press('o');
    await page.getByRole('group', { name: 'Why keep this order?' }).waitFor();
    await page.keyboard.press('2');
    expect(await page.getByRole('radio', { name: /I will monitor/ }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: /Add draft order/ }).isChecked()).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.clock.runFor(11_000);
    const feedback = await page.evaluate(() => document.documentElement.dataset.feedback);
    expect(JSON.parse(feedback!)).toMatchObject({
      service: 'medication-safety',
      feedback: [{ outcome: 'accepted', acceptedSuggestions: [{ id: 's2' }] }],
    });
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('puts focus on the next card after an override, and back in place after Escape', async () => {
    const { page } = await open('cards');
    await page.keyboard.press('Tab');
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await page.getByRole('group', { name: 'Why keep this order?' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toContain('Warfarin');
    await page.keyboard.press('o');
    await page.getByRole('group', { name: 'Why keep this order?' }).waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toContain('Hyperkalaemia');
    await page.close();
  });

  it('does not take letters from a field, and none at all once turned off', async () => {
    const { page } = await open('diagnosis-rules');
    await page.getByLabel('Your leading diagnosis').focus();
    await page.keyboard.type('jwo?');
    expect(await page.getByLabel('Your leading diagnosis').inputValue()).toBe('jwo?');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toContain('Diagnosis');
    await page.getByRole('button', { name: /^Keys/ }).press('?');
    await page.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { selected: true }).press('?');
    expect(await page.getByRole('heading', { name: 'Keys' }).count()).toBe(0);
    await page.close();
  });

  it('works a what-if through to a draft', async () => {
    const { page } = await open('what-if-empty', { width: 800 });
    await page.getByLabel('If eGFR becomes', { exact: true }).press('ArrowLeft');
    await page.getByText('Cards that change').waitFor();
    await page
      .getByRole('group', { name: /Lisinopril/ })
      .getByRole('button', { name: 'Hold' })
      .press('Enter');
    const draft = page.getByRole('button', { name: 'Draft this order change' });
    await draft.press('Enter');
    await page
      .getByText(/Hold Lisinopril .* drafted\. Sign it in the chart\./)
      .first()
      .waitFor();
    await page.close();
  });
});

describe.skipIf(!browser)('weight', () => {
  it('loads at most 40 kB of script and 10 kB of style before the first card, 90 kB in all', async () => {
    const folder = join(dist, 'panel');
    const zipped = (file: string) => gzipSync(readFileSync(join(folder, 'assets', file))).length;
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    const files = await readdir(join(folder, 'assets'));
    const first = files.filter((file) => page.includes(file));
    const sum = (some: string[], end: string) =>
      some.filter((file) => file.endsWith(end)).reduce((total, file) => total + zipped(file), 0);
    expect(sum(first, '.js')).toBeGreaterThan(5_000);
    expect(sum(first, '.js')).toBeLessThan(40_000);
    expect(sum(first, '.css')).toBeLessThan(10_000);
    expect(sum(files, '.js')).toBeLessThan(90_000);
    expect(page).not.toMatch(/\sstyle=|<script(?![^>]*\ssrc=)/);
  });
});
