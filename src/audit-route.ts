// The ledger for those who may read it: AuditEvents with paging, the chain's verification, and the records themselves as NDJSON.
import type { Hono } from 'hono';
import type { RequireRole } from './caller.ts';
import { readEnvelope } from './cds-hooks/envelope.ts';
import { isObject } from './fhir/reading.ts';
import type { Gate } from './gate.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { auditEvent } from './record/audit-event.ts';
import type { Digest, Ledger, LedgerQuery, LedgerRow } from './record/ledger.ts';
import { whoCalled } from './record/ledger-event.ts';
import { pagesOf, verifyLedger } from './record/verify-ledger.ts';
import { type ReplayWiring, replay } from './replay.ts';

export interface AuditWiring {
  ledger: Ledger;
  platform: Platform;
  publicUrl: string;
  requireRole: RequireRole;
  gate: Gate;
  replaying: ReplayWiring;
  digest?: Digest;
}

const mostPerPage = 500;
const minuteMs = 60_000;
const replayBody =
  'The body must be {"record": its number in the ledger, or "card": its uuid, "request": {"context": …, "prefetch": …}}.';

// biome-ignore lint/suspicious/noExplicitAny: the app's own variables are of no interest here
export function auditRoutes(app: Hono<any>, wiring: AuditWiring): void {
  const { ledger, platform, publicUrl, requireRole, gate, replaying, digest } = wiring;
  app.use('/audit/replay', gate.middleware);
  // `/*` matches the bare path as well.
  app.use('/audit/*', async (c, next) => {
    const caller = await (c.req.path === '/audit/replay'
      ? requireRole(c.req.raw, 'auditor', 'informaticist')
      : requireRole(c.req.raw, 'auditor'));
    // Who read the ledger is in the ledger, before the first line of it goes out.
    await ledger.append({
      kind: 'audit',
      at: platform.now().toISOString(),
      requestId: c.get('requestId'),
      ...whoCalled(caller),
      what: /^\/audit(\/verify|\/export|\/replay)?$/.exec(c.req.path)?.[0] ?? '/audit/…',
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

  /** `{"record": 120, "request": {"context": …, "prefetch": …}}`, or "card" with its uuid: what the same chart gives today. */
  app.post('/audit/replay', async (c) => {
    const body = await gate.json(c.req.raw);
    if (!isObject(body)) return refuse({ reason: 'malformed', what: replayBody });
    const request = readEnvelope(body.request, { isHook: false });
    return c.json(await replay(await recordOf(body), request, replaying));
  });

  async function recordOf({ record, card }: Record<string, unknown>): Promise<LedgerRow> {
    if (Number.isInteger(record) && (record as number) > 0) {
      const [row] = await ledger.read({ after: (record as number) - 1, limit: 1 });
      if (row?.seq === record) return row!;
      return refuse({ reason: 'unknown', what: `The ledger has no record ${String(record)}.` });
    }
    if (typeof card !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(card))
      return refuse({ reason: 'malformed', what: replayBody });
    const [shown] = await platform.sql.all<{ shown_at: string }>('SELECT shown_at FROM cards WHERE uuid = ?', card);
    // The record is written when the card is; the clocks of two machines may differ a little.
    const near = shown && new Date(shown.shown_at).getTime();
    const [row] = near
      ? await ledger.read({
          card,
          from: new Date(near - minuteMs).toISOString(),
          until: new Date(near + 10 * minuteMs).toISOString(),
          limit: 1,
        })
      : [];
    return (
      row ?? refuse({ reason: 'unknown', what: 'No record shows this card. Give the number of the record instead.' })
    );
  }

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
