// The informaticist's console: its page, and what the page asks. Every route but the page needs the role; what may name a
// patient is written into the ledger.
import type { Context, Hono } from 'hono';
import type { Caller } from '../caller.ts';
import type { Role } from '../cds-hooks/client-auth.ts';
import { hookNames, type Rule } from '../guards/rule.ts';
import type { Knowledge } from '../knowledge.ts';
import { refuse } from '../outcome.ts';
import type { Platform } from '../platform.ts';
import type { Ledger } from '../record/ledger.ts';
import { whoCalled } from '../record/ledger-event.ts';
import type { Record as Shown } from '../record/record.ts';
import type { Service } from '../service.ts';
import { pageHeaders } from '../smart/page.ts';
import type { Seal } from '../smart/seal.ts';
import { aiQuality } from './ai-quality.ts';
import type { Counts } from './counts.ts';
import { csvOf } from './csv.ts';
import { burden, figures } from './figures.ts';
import { compareSets, readRule, replayEdit } from './replay.ts';
import { traceRequest } from './trace.ts';

export interface ConsoleWiring {
  platform: Platform;
  record: Shown;
  counts: Counts;
  ledger: Ledger;
  seal: Seal;
  knowledge: () => Knowledge;
  services: readonly Service[];
  requireRole: (request: Request, role: Role) => Promise<Caller>;
  /** Puts a draft beside the rules; absent where there is no folder to put it in. */
  saveDraft?: (id: string, text: string) => Promise<string>;
}

const mostBytes = 12_000_000;

export function consoleRoutes(
  // biome-ignore lint/suspicious/noExplicitAny: the app's own variables are of no interest here
  app: Hono<any>,
  { platform, record, counts, ledger, seal, knowledge, services, requireRole, saveDraft }: ConsoleWiring,
): void {
  const { sql } = platform;
  const daysOf = (c: Context): number => {
    const days = Number(c.req.query('days') ?? 28);
    return Number.isInteger(days) && days >= 1 && days <= 366
      ? days
      : refuse({ reason: 'malformed', what: '"days" is a whole number from 1 to 366.' });
  };
  const bodyOf = async (c: Context): Promise<unknown> => {
    if (!/^application\/json\b/.test(c.req.header('content-type') ?? ''))
      refuse({ reason: 'malformed', what: 'The body must be JSON, sent as application/json.' });
    const text = await c.req.text();
    if (text.length > mostBytes) refuse({ reason: 'malformed', what: 'This is too large.' });
    try {
      return JSON.parse(text);
    } catch {
      return refuse({ reason: 'malformed', what: 'The body is not JSON.' });
    }
  };

  app.use('/console/api/*', async (c, next) => {
    const caller = await requireRole(c.req.raw, 'informaticist');
    c.header('cache-control', 'no-store');
    if (/^\/console\/api\/(why|cards|queue|export|trace)/.test(c.req.path)) {
      await ledger.append({
        kind: 'audit',
        at: platform.now().toISOString(),
        requestId: c.get('requestId'),
        ...whoCalled(caller),
        what: c.req.path.slice(0, 80),
      });
    }
    await next();
  });

  app.get('/console/api/summary', async (c) => {
    const days = daysOf(c);
    const { rules } = knowledge().ruleSet;
    await Promise.all([record.flush(), counts.flush()]);
    const measured = await figures(sql, platform.now(), days);
    return c.json({
      days,
      at: platform.now().toISOString(),
      rulesHash: knowledge().hash,
      canSave: saveDraft !== undefined,
      ...measured,
      rules: await burden(sql, rules, platform.now(), days, measured.orders),
    });
  });

  app.get('/console/api/rules', (c) =>
    c.json({ today: platform.now().toISOString().slice(0, 10), rules: knowledge().ruleSet.rules.map(entryOf) }),
  );
  app.get('/console/api/rules/:id', (c) =>
    c.json(
      knowledge().ruleSet.rule(c.req.param('id')) ?? refuse({ reason: 'unknown', what: 'There is no such rule.' }),
    ),
  );

  /** The newest cards of a rule, for whoever wants to know why one fired. */
  app.get('/console/api/cards', async (c) => {
    await record.flush();
    const rule = c.req.query('rule');
    const cards = await sql.all(
      `SELECT uuid, rule_id AS rule, tier, indicator, hook, service, shown_at AS shownAt, (SELECT outcome FROM feedback WHERE card = uuid ORDER BY at DESC LIMIT 1) AS outcome
       FROM cards WHERE ${rule === undefined ? '? IS NULL' : 'rule_id = ?'} ORDER BY shown_at DESC LIMIT 30`,
      rule ?? null,
    );
    return c.json({ cards });
  });

  app.get('/console/api/why/:uuid', async (c) =>
    c.json(
      (await record.why(c.req.param('uuid'))) ??
        refuse({ reason: 'unknown', what: 'No card with this uuid was shown in the last seven days.' }),
    ),
  );

  app.get('/console/api/queue', async (c) => {
    const rows = await sql.all<{
      card: string;
      rule: string | null;
      version: string | null;
      tier: string | null;
      at: string;
      comment: string | null;
      how: string | null;
    }>(
      `SELECT feedback.card, cards.rule_id AS rule, cards.rule_version AS version, cards.tier, feedback.at, feedback.comment, dealt_with.how
       FROM feedback LEFT JOIN cards ON cards.uuid = feedback.card LEFT JOIN dealt_with ON dealt_with.card = feedback.card
       WHERE feedback.outcome = 'overridden' AND feedback.reason = 'alert-wrong' ORDER BY dealt_with.how IS NOT NULL, feedback.at DESC LIMIT 200`,
    );
    const items = await Promise.all(
      rows.map(async ({ comment, ...rest }) => ({
        ...rest,
        ...(comment && { comment: (await seal.open<{ comment: string }>('record', comment))?.comment }),
      })),
    );
    return c.json({ items });
  });

  app.post('/console/api/queue/:card', async (c) => {
    const { how } = (await bodyOf(c)) as { how?: unknown };
    if (how === null) await sql.run('DELETE FROM dealt_with WHERE card = ?', c.req.param('card'));
    else if (how === 'rule-changed' || how === 'data-mended' || how === 'alert-was-right') {
      await sql.run(
        'INSERT INTO dealt_with (card, how, at) VALUES (?, ?, ?) ON CONFLICT (card) DO UPDATE SET how = excluded.how, at = excluded.at',
        c.req.param('card'),
        how,
        platform.now().toISOString(),
      );
    } else refuse({ reason: 'malformed', what: '"how" is "rule-changed", "data-mended", "alert-was-right", or null.' });
    return c.json({ how });
  });

  app.get('/console/api/ai', async (c) => {
    const days = daysOf(c);
    await counts.flush();
    return c.json({ days, ...(await aiQuality(sql, platform.now(), days)) });
  });

  /** A request that an EHR sent: why each rule spoke, or did not. It is read and forgotten. */
  app.post('/console/api/trace', async (c) => {
    const { request, rule } = (await bodyOf(c)) as { request?: object; rule?: unknown };
    if (typeof request !== 'object' || request === null || (rule !== undefined && typeof rule !== 'string'))
      return refuse({ reason: 'malformed', what: 'Send {"request": a hook request, "rule": an id, or nothing}.' });
    const { ruleSet, terminology } = knowledge();
    const traced = await traceRequest(request, { rules: ruleSet.rules, terminology, now: platform.now() }, rule);
    return 'refused' in traced ? refuse({ reason: 'malformed', what: traced.refused }) : c.json(traced);
  });

  app.post('/console/api/replay', async (c) =>
    c.json(await replayEdit(readRule(await bodyOf(c)), knowledge(), services, platform.now())),
  );

  app.post('/console/api/compare', async (c) => {
    const given = (await bodyOf(c)) as { rules?: unknown };
    const list = Array.isArray(given)
      ? given
      : Array.isArray(given.rules)
        ? given.rules
        : refuse({ reason: 'malformed', what: 'Send a list of rules, or a bundle with "rules".' });
    return c.json(await compareSets(list.map(readRule), knowledge(), services, platform.now()));
  });

  app.post('/console/api/drafts', async (c) => {
    const rule: Rule = { ...readRule(await bodyOf(c)), status: 'draft' };
    if (!saveDraft)
      return refuse({ reason: 'unknown', what: 'This server has no rules folder: download the draft instead.' });
    return c.json({ saved: await saveDraft(rule.id, `${JSON.stringify(rule, null, 2)}\n`) }, 201);
  });

  app.get('/console/api/export.csv', async (c) => {
    const days = daysOf(c);
    const from = new Date(platform.now().getTime() - days * 86_400_000).toISOString().slice(0, 10);
    await record.flush();
    const rows = await sql.all<Record<string, string | null>>(
      `SELECT cards.shown_at AS date, cards.rule_id AS intervention, cards.rule_version AS version, cards.tier, cards.indicator, cards.service, cards.hook,
        cards.uuid AS card, feedback.outcome AS action, feedback.reason AS feedback, feedback.at AS answered
       FROM cards LEFT JOIN feedback ON feedback.card = cards.uuid WHERE cards.shown_at >= ? ORDER BY cards.shown_at LIMIT 50000`,
      from,
    );
    return c.body(
      csvOf(
        [
          'date',
          'intervention',
          'version',
          'tier',
          'indicator',
          'service',
          'hook',
          'card',
          'action',
          'feedback',
          'answered',
        ],
        rows,
      ),
      200,
      {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="curbside-cards-${days}-days.csv"`,
      },
    );
  });

  app.all('/console/api/*', () => refuse({ reason: 'unknown', what: 'The console asks nothing of this name.' }));

  app.get('/console', (c) => c.redirect('/console/'));
  app.get('/console/*', async (c) => {
    const name = c.req.path.slice('/console/'.length) || 'index.html';
    const found = name.split('/').includes('..') ? undefined : await platform.asset(`console/${name}`);
    const headers = new Headers(pageHeaders("'none'"));
    headers.set('content-type', found?.headers.get('content-type') ?? 'text/plain; charset=utf-8');
    if (found && name.startsWith('assets/')) headers.set('cache-control', 'public, max-age=31536000, immutable');
    return found
      ? new Response(found.body, { status: 200, headers })
      : new Response('Not found', { status: 404, headers });
  });
}

const entryOf = ({
  id,
  version,
  status,
  title,
  kind,
  steward,
  lastReviewDate,
  evidence,
  hooks,
  tiers,
  knownGaps,
  interaction,
}: Rule) => ({
  id,
  version,
  status,
  title,
  kind,
  steward,
  lastReviewDate,
  evidence,
  hooks: hooks.filter((hook) => hookNames.includes(hook)),
  tiers: tiers.map(({ id: tier, indicator }) => ({ id: tier, indicator })),
  knownGaps: knownGaps ?? [],
  ...(interaction && { consequence: interaction.consequence }),
});
