// The ledger for those who may read it: AuditEvents with paging, the chain's verification, and the records themselves as NDJSON.
import type { Hono } from 'hono';
import type { Caller } from './caller.ts';
import type { Role } from './cds-hooks/client-auth.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { auditEvent } from './record/audit-event.ts';
import type { Digest, Ledger, LedgerQuery } from './record/ledger.ts';
import { whoCalled } from './record/ledger-event.ts';
import { pagesOf, verifyLedger } from './record/verify-ledger.ts';

export interface AuditWiring {
  ledger: Ledger;
  platform: Platform;
  publicUrl: string;
  requireRole: (request: Request, role: Role) => Promise<Caller>;
  digest?: Digest;
}

const mostPerPage = 500;

// biome-ignore lint/suspicious/noExplicitAny: the app's own variables are of no interest here
export function auditRoutes(app: Hono<any>, { ledger, platform, publicUrl, requireRole, digest }: AuditWiring): void {
  // `/*` matches the bare path as well.
  app.use('/audit/*', async (c, next) => {
    const caller = await requireRole(c.req.raw, 'auditor');
    // Who read the ledger is in the ledger, before the first line of it goes out.
    await ledger.append({
      kind: 'audit',
      at: platform.now().toISOString(),
      requestId: c.get('requestId'),
      ...whoCalled(caller),
      what: /^\/audit(\/verify|\/export)?$/.exec(c.req.path)?.[0] ?? '/audit/…',
    });
    await next();
    c.header('Cache-Control', 'no-store');
  });

  app.get('/audit', async (c) => {
    const asked = new URL(c.req.url).searchParams;
    const query = readQuery(asked);
    const rows = await ledger.read({ ...query, limit: query.limit + 1 });
    const page = rows.slice(0, query.limit);
    const link = (relation: string, parameters: URLSearchParams) => ({
      relation,
      url: `${publicUrl}/audit${parameters.size ? `?${parameters}` : ''}`,
    });
    const next = new URLSearchParams(asked);
    if (page.length > 0) next.set('before', String(page.at(-1)!.seq));
    return c.body(
      JSON.stringify({
        resourceType: 'Bundle',
        type: 'searchset',
        link: [link('self', asked), ...(rows.length > query.limit ? [link('next', next)] : [])],
        entry: page.map((row) => ({
          fullUrl: `${publicUrl}/audit/ledger-${row.seq}`,
          resource: auditEvent(row, publicUrl),
          search: { mode: 'match' },
        })),
      }),
      200,
      { 'content-type': 'application/fhir+json; charset=utf-8' },
    );
  });

  app.get('/audit/verify', async (c) => {
    const verified = await verifyLedger(
      pagesOf((query) => ledger.read(query)),
      { ...(digest && { digest }), key: platform.settings.LEDGER_KEY },
    );
    if (!verified.ok) platform.log({ level: 'error', event: 'ledger_broken', seq: verified.at, why: verified.why });
    return c.json(verified);
  });

  app.get('/audit/export', (c) => {
    const pages = pagesOf((query) => ledger.read({ ...query, ...rangeOf(new URL(c.req.url).searchParams) }));
    const encoder = new TextEncoder();
    const lines = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await pages.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value.map((row) => `${JSON.stringify(row)}\n`).join('')));
      },
    });
    return c.body(lines, 200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': 'attachment; filename="curbside-ledger.ndjson"',
    });
  });
}

const known = new Set(['patient', 'date', '_count', 'before', 'from', 'until', '_format', '_sort']);

function readQuery(asked: URLSearchParams): LedgerQuery {
  for (const name of asked.keys())
    if (!known.has(name))
      refuse({
        reason: 'malformed',
        what: `There is no search by "${name.slice(0, 30)}": use patient, date and _count.`,
      });
  const count = Number(asked.get('_count') ?? 50);
  const before = asked.has('before') ? Number(asked.get('before')) : undefined;
  if (!Number.isInteger(count) || count < 1 || (before !== undefined && !Number.isInteger(before)))
    refuse({ reason: 'malformed', what: '"_count" and "before" must be whole numbers.' });
  const patient = asked.get('patient')?.replace(/^Patient\//, '');
  return {
    ...(patient && { patient }),
    ...rangeOf(asked),
    ...(before !== undefined && { before }),
    limit: Math.min(count, mostPerPage),
  };
}

/** `date=ge2026-11-01&date=lt2026-12-01`, or a day. */
function rangeOf(asked: URLSearchParams): Pick<LedgerQuery, 'from' | 'until'> {
  let from: string | undefined;
  let until: string | undefined;
  for (const text of asked.getAll('date')) {
    const [, prefix = 'eq', day] =
      /^(eq|ge|gt|le|lt)?(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)$/.exec(text) ??
      refuse({ reason: 'malformed', what: '"date" must be a day or a time, with eq, ge, gt, le or lt before it.' });
    const start = new Date(day!);
    if (Number.isNaN(start.getTime())) refuse({ reason: 'malformed', what: '"date" is not a date.' });
    const end = new Date(start.getTime() + (day!.length === 10 ? 86_400_000 : 1));
    if (prefix === 'eq' || prefix === 'ge') from = start.toISOString();
    if (prefix === 'gt') from = end.toISOString();
    if (prefix === 'eq' || prefix === 'le') until = end.toISOString();
    if (prefix === 'lt') until = start.toISOString();
  }
  return { ...(from && { from }), ...(until && { until }) };
}
