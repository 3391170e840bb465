// npm run conformance -- <url> [token] [--smart <FHIR base>]: the clauses against a running service; the report names clause
// and finding.
import { type Clause, clauses, type Target } from './clauses.ts';
import { moreClauses } from './more-clauses.ts';
import { smartClauses } from './smart-clauses.ts';

const given = process.argv.slice(2);
const at = given.indexOf('--smart');
const [, smart] = at < 0 ? [] : given.splice(at, 2);
const [url, token] = given;
if (!url || !URL.canParse(url) || (at >= 0 && !(smart && URL.canParse(smart)))) {
  console.error(
    'Name the service: npm run conformance -- http://127.0.0.1:8787 [bearer token] [--smart http://localhost:8787/fhir/R4]',
  );
  process.exit(2);
}
const targetAt = (base: string, bearer?: string): Target => ({
  fetch: (path, init = {}) =>
    fetch(`${base.replace(/\/+$/, '')}${path}`, {
      ...init,
      headers: {
        ...(bearer && init.method !== 'OPTIONS' && { authorization: `Bearer ${bearer}` }),
        ...(init.headers as Record<string, string>),
      },
      signal: AbortSignal.timeout(10_000),
    }),
});

let checked = 0;
let failed = 0;
async function report(title: string, list: readonly Clause[], target: Target): Promise<void> {
  console.log(`${title}\n`);
  for (const { id, level, text, check } of list) {
    const found = await check(target).catch(
      (error: unknown) => `could not be checked: ${error instanceof Error ? error.message : error}`,
    );
    checked += 1;
    if (found && level === 'SHALL') failed += 1;
    console.log(
      `${found ? (level === 'SHALL' ? '✗' : '!') : '✓'} ${level.padEnd(6)} ${id}: ${text}${found ? `\n           ${found}` : ''}`,
    );
  }
}

await report(
  'CDS Hooks 2.0.1, ready for 3.0',
  [...clauses, ...moreClauses],
  targetAt(url.replace(/\/+$/, '').replace(/\/cds-services$/, ''), token),
);
if (smart) await report('\nSMART App Launch 2.2, discovery', smartClauses, targetAt(smart));
console.log(`\n${checked} clauses, ${failed} SHALL not met`);
process.exitCode = failed ? 1 : 0;
