// A Chromium for the browser tests: CHROMIUM_PATH, the system's own, or the one that comes with an npm package.
// Never the package's own arguments: they switch web security off, which hides broken CORS and broken frames.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of a Chromium, or undefined where none is to be had. */
export async function findChromium(): Promise<string | undefined> {
  const given = process.env.CHROMIUM_PATH;
  if (given) return existsSync(given) ? given : undefined;
  if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium';
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    return await packaged.executablePath();
  } catch {
    return undefined;
  }
}

/** Playwright's own start: third-party storage is blocked, as the strictest hospital browser would. */
export async function launchStrict(): Promise<Browser | undefined> {
  const executablePath = await findChromium();
  if (!executablePath) return undefined;
  try {
    return await chromium.launch({ executablePath, args: chromiumFlags, headless: true });
  } catch (error) {
    console.warn(`Chromium at ${executablePath} does not start: ${String(error).split('\n')[0]}`);
    return undefined;
  }
}

/** Chromium as a person would start it, attached over the debugging port. `close` ends it and clears its profile. */
export async function launchOrdinary(): Promise<Browser | undefined> {
  const executablePath = await findChromium();
  if (!executablePath) return undefined;
  const profile = await mkdtemp(join(tmpdir(), 'curbside-chromium-'));
  const process = spawn(
    executablePath,
    ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...chromiumFlags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const end = async () => {
    process.kill('SIGKILL');
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const browser = await chromium.connectOverCDP(await debuggingAddress(process));
    const detach = browser.close.bind(browser);
    browser.close = async () => {
      await detach();
      await end();
    };
    return browser;
  } catch (error) {
    await end();
    console.warn(`Chromium at ${executablePath} does not start by hand: ${String(error).split('\n')[0]}`);
    return undefined;
  }
}

function debuggingAddress(process: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error('no debugging address within 20 s')), 20_000);
    process.stderr?.on('data', (chunk) => {
      said += chunk;
      const address = /DevTools listening on (ws:\/\/\S+)/.exec(said)?.[1];
      if (!address) return;
      clearTimeout(late);
      resolve(address);
    });
    process.once('error', reject);
    process.once('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${said.slice(-300)}`)));
  });
}
