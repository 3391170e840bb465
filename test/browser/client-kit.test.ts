// The client kit in a real Chromium: the example against the real service, and the component against hostile cards.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../src/node.ts';
import { launchStrict } from '../support/browser.ts';

const browser: Browser | undefined = await launchStrict();
if (!browser) console.warn('SKIPPED: no Chromium for the client kit.');

describe.skipIf(!browser)('the client kit', () => {
  let node: Awaited<ReturnType<typeof start>>;
  let folder: string;
  let page: Page;
  let server: ReturnType<typeof serve>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'curbside-kit-'));
    await build({
      configFile: false,
      root: 'smart-app/client-kit',
      base: './',
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
    });
    node = await start({ PORT: '0', DATA_DIR: ':memory:' });
    page = await browser!.newPage();
    server = serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: ({ url }) => {
        const { pathname } = new URL(url);
        const file = join(folder, pathname === '/' ? 'index.html' : pathname);
        return new Response(readFileSync(file), {
          headers: { 'content-type': file.endsWith('.js') ? 'text/javascript' : 'text/html' },
        });
      },
    });
    await new Promise<void>((resolve) => server.once('listening', () => resolve()));
    await page.goto(
      `http://localhost:${(server.address() as { port: number }).port}/?base=${encodeURIComponent(node.publicUrl)}`,
    );
    await page.locator('cds-card').first().waitFor();
  });
  afterAll(async () => {
    await node?.stop();
    server?.close();
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('shows the cards of the service, and a decision goes back once', async () => {
    const card = page.locator('cds-card').first();
    expect(await card.locator('h3').innerText()).toMatch(/^(Stop|Caution)/);
    await card.locator('summary').click();
    await card.getByRole('button', { name: 'Keep the order' }).click();
    await page.locator('#said', { hasText: 'overridden' }).waitFor();
    expect(await card.getByRole('button', { name: 'Keep the order' }).isDisabled()).toBe(true);
  });

  it('makes no markup of text and no link of what is not https', async () => {
    const seen = await page.evaluate(() => {
      const element = document.createElement('cds-card') as HTMLElement & { card: unknown };
      element.card = {
        uuid: 'c',
        summary: '<img src=x onerror="window.bad=1">',
        indicator: '"><script>window.bad=1</script>',
        source: { label: '<b>source</b>', url: 'javascript:window.bad=1' },
        detail:
          '<script>window.bad=1</script> [click](javascript:alert(1)) ![x](https://evil.example/x.png)\n\n| a | b |\n|---|---|\n| <i>1</i> | 2 |',
        suggestions: [{ label: '<b>fix</b>', uuid: 's' }],
        selectionBehavior: 'at-most-one',
        links: [
          { label: 'bad', url: 'javascript:window.bad=1', type: 'absolute' },
          { label: 'good', url: 'https://example.org/', type: 'absolute' },
        ],
      };
      document.body.append(element);
      const root = element.shadowRoot!;
      return {
        tags: [...root.querySelectorAll('*')].map(({ localName }) => localName),
        hrefs: [...root.querySelectorAll('a')].map(({ href }) => href),
        bad: 'bad' in window,
        text: root.textContent,
      };
    });
    expect(seen.bad).toBe(false);
    for (const tag of ['img', 'script', 'b', 'i']) expect(seen.tags).not.toContain(tag);
    expect(seen.hrefs).toEqual(['https://example.org/']);
    expect(seen.text).toContain('<b>fix</b>');
  });
});
