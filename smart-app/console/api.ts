// Asks the console's API. The bearer is held here, in memory, and nowhere else.
import type {
  AiQuality,
  Entry,
  QueueItem,
  RequestTrace,
  Rule,
  SetDifference,
  ShownCard,
  Summary,
  Tally,
  Why,
} from './types.ts';

export class NotAllowed extends Error {}

export interface Api {
  signIn(bearer: string): void;
  summary(days: number): Promise<Summary>;
  catalogue(): Promise<{ today: string; rules: Entry[] }>;
  rule(id: string): Promise<Rule>;
  cards(rule: string): Promise<{ cards: ShownCard[] }>;
  why(uuid: string): Promise<Why>;
  trace(request: object, rule?: string): Promise<RequestTrace>;
  ai(days: number): Promise<AiQuality>;
  queue(): Promise<{ items: QueueItem[] }>;
  dealWith(card: string, how: string | null): Promise<unknown>;
  replay(rule: Rule): Promise<Tally>;
  compare(rules: unknown): Promise<SetDifference>;
  saveDraft(rule: Rule): Promise<{ saved: string }>;
  csv(days: number): Promise<string>;
}

export function createApi(base: string): Api {
  let bearer = '';

  async function ask(path: string, body?: unknown): Promise<Response> {
    const response = await fetch(new URL(path, base), {
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    const said = await response.json().catch(() => undefined);
    const why =
      said?.issue?.[0]?.diagnostics ?? said?.issue?.[0]?.details?.text ?? `The server answered ${response.status}.`;
    throw response.status === 401 || response.status === 403 ? new NotAllowed(why) : new Error(why);
  }
  const json = async <Answer>(path: string, body?: unknown): Promise<Answer> => (await ask(path, body)).json();
  const part = encodeURIComponent;

  return {
    signIn: (given) => {
      bearer = given;
    },
    summary: (days) => json(`summary?days=${days}`),
    catalogue: () => json('rules'),
    rule: (id) => json(`rules/${part(id)}`),
    cards: (rule) => json(`cards?rule=${part(rule)}`),
    why: (uuid) => json(`why/${part(uuid)}`),
    trace: (request, rule) => json('trace', { request, rule }),
    ai: (days) => json(`ai?days=${days}`),
    queue: () => json('queue'),
    dealWith: (card, how) => json(`queue/${part(card)}`, { how }),
    replay: (rule) => json('replay', rule),
    compare: (rules) => json('compare', rules),
    saveDraft: (rule) => json('drafts', rule),
    csv: async (days) => (await ask(`export.csv?days=${days}`)).text(),
  };
}
