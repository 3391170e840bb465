// One consult through the whole app, and what of it the evaluations look at.
import type {
  ConsultEnd,
  ConsultEvent,
  ConsultItem,
  ConsultRules,
  ConsultWithheld,
} from '../../../src/cds-hooks/contract.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import type { ConsultBody } from './cases.ts';
import type { Endpoint } from './endpoint.ts';

export interface Seen {
  events: ConsultEvent[];
  rules: ConsultRules;
  /** Knowledge base and rules, in order. */
  offline: ConsultItem[];
  model: ConsultItem[];
  withheld: ConsultWithheld[];
  end: ConsultEnd;
  milliseconds: number;
  tokens: { in: number; out: number };
  sentencesIn: number;
}

/** An app that keeps nothing of an earlier case; without an endpoint it has no model. */
export function appFor(endpoint?: Endpoint, env: Record<string, string> = {}): TestApp {
  const app = testApp({ env: { ...endpoint?.env, ...env } });
  if (endpoint?.fetch) app.platform.fetch = endpoint.fetch;
  return app;
}

export async function consult(app: TestApp, body: ConsultBody): Promise<Seen> {
  const started = performance.now();
  const answer = await app.post('/consult', body);
  if (answer.status !== 200) throw new Error(`POST /consult: ${answer.status} ${await answer.text()}`);
  const events = (await answer.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ConsultEvent);
  const milliseconds = performance.now() - started;
  const items = events.filter((event): event is ConsultItem => event.type === 'item');
  const log = app.logs.findLast((entry) => entry.event === 'consult') as Record<string, unknown> | undefined;
  return {
    events,
    rules: events[0] as ConsultRules,
    offline: items.filter(({ source }) => source !== 'model'),
    model: items.filter(({ source }) => source === 'model'),
    withheld: events.filter((event): event is ConsultWithheld => event.type === 'withheld'),
    end: events.at(-1) as ConsultEnd,
    milliseconds,
    tokens: { in: Number(log?.tokensIn ?? 0), out: Number(log?.tokensOut ?? 0) },
    sentencesIn: Number(log?.sentencesIn ?? 0),
  };
}

export const idOf = ({ candidate }: ConsultItem): string => candidate.id ?? candidate.text;

/** Best first: the knowledge base's own order, without what a list added because it was not addressed. */
export const ranked = (items: readonly ConsultItem[]): string[] =>
  items.filter(({ source }) => source !== 'rule').map(idOf);
