// npm run conformance -- <url> [token]: the clauses against a running service; the report names clause and finding.
import { clauses, type Target } from './clauses.ts';

const [url, token] = process.argv.slice(2);
if (!url || !URL.canParse(url)) {
  console.error('Name the service: npm run conformance -- http://127.0.0.1:8787 [bearer token]');
  process.exit(2);
}
const base = url.replace(/\/+$/, '').replace(/\/cds-services$/, '');
const target: Target = {
  fetch: (path, init = {}) => fetch(`${base}${path}`, { ...init, headers: { ...(token && init.method !== 'OPTIONS' && { authorization: `Bearer ${token}` }), ...(init.headers as Record<string, string>) }, signal: AbortSignal.timeout(10_000) }),
};
let failed = 0;
for (const { id, level, text, check } of clauses) {
  const found = await check(target).catch((error: unknown) => `could not be checked: ${error instanceof Error ? error.message : error}`);
  if (found && level === 'SHALL') failed += 1;
  console.log(`${found ? (level === 'SHALL' ? '✗' : '!') : '✓'} ${level.padEnd(6)} ${id}: ${text}${found ? `\n           ${found}` : ''}`);
}
console.log(`\n${clauses.length} clauses, ${failed} SHALL not met`);
process.exitCode = failed ? 1 : 0;
