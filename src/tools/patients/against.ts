// Asks a running server what the manifest claims: every chart as the hook request it was made for, and as a chart that is opened.
import type { Card, CdsResponse } from '../../cds-hooks/contract.ts';
import { cardExtensionKey, responseExtensionKey } from '../../cds-hooks/contract.ts';
import type { HookName } from '../../guards/rule-set.ts';
import { askedHooks, hookRequest } from './asking.ts';
import type { Json } from './chart.ts';
import type { Entry } from './manifest.ts';

/** Sends one request to the server; the body's JSON, or lines of it. */
export type Send = (path: string, body?: Json) => Promise<unknown>;

export interface Comparison {
  asked: number;
  disagreements: { id: string; claim: string; got: string }[];
  /** Cards at patient-view, one number for each chart. */
  cards: { id: string; kind: string; count: number }[];
}

export interface Held {
  entry: Entry;
  resources: Json[];
}

export async function compare(people: readonly Held[], send: Send, uuid: () => string): Promise<Comparison> {
  const { services } = (await send('/cds-services')) as { services: { id: string; hook: string }[] };
  const result: Comparison = { asked: 0, disagreements: [], cards: [] };
  const answersTo = async (id: string, resources: readonly Json[], hook: HookName): Promise<CdsResponse[]> => {
    const request = { ...hookRequest(id, resources, hook), hookInstance: uuid() };
    const named = new Set(services.filter((service) => service.hook === hook).map((service) => service.id));
    const answers: CdsResponse[] = [];
    for (const service of named) answers.push((await send(`/cds-services/${service}`, request)) as CdsResponse);
    return answers;
  };
  for (const { entry, resources } of people) {
    const { id } = entry;
    const viewed = await answersTo(id, resources, 'patient-view');
    result.cards.push({ id, kind: entry.kind, count: viewed.reduce((sum, { cards }) => sum + cards.length, 0) });
    result.asked += 1;
    const disagree = (got: string): void => {
      result.disagreements.push({ id, claim: `${entry.kind} ${entry.rule ?? entry.condition ?? ''}`.trim(), got });
    };
    if (entry.condition !== undefined) {
      const { context, prefetch } = hookRequest(id, resources, 'patient-view');
      const events = (await send('/consult', { context, prefetch })) as {
        type: string;
        source?: string;
        candidate?: { id?: string };
      }[];
      const items = events.filter(({ type, source }) => type === 'item' && source === 'knowledge');
      const place = items.findIndex(({ candidate }) => candidate?.id === entry.condition) + 1 || undefined;
      if (place !== entry.place) disagree(`place ${place ?? 'none'}, not ${entry.place ?? 'none'}`);
      continue;
    }
    if (entry.rule === undefined) {
      const fired = firedIn(viewed);
      if (entry.fires?.join() !== [...fired].sort().join()) disagree([...fired].sort().join(', ') || 'nothing');
      continue;
    }
    const hook = askedHooks.find((one) => one === entry.hook)!;
    const answers = hook === 'patient-view' ? viewed : await answersTo(id, resources, hook);
    // Silent rules are counted and not shown: over the wire nothing can be seen of them.
    if (entry.status !== 'active') continue;
    const isShown = firedIn(answers).has(entry.rule);
    const isOpen = answers.some((answer) =>
      answer.extension?.[responseExtensionKey]?.couldNotCheck.some((said) => said.startsWith(`${entry.title}: `)),
    );
    const got = isShown ? 'fires' : isOpen ? 'unknown' : 'near-miss';
    if (got !== entry.kind) disagree(got);
  }
  return result;
}

/** Every rule that an answer tells of: shown, merged into a card, or held back for a stated reason. */
function firedIn(answers: readonly CdsResponse[]): Set<string> {
  const fired = new Set<string>();
  for (const { cards, extension } of answers) {
    for (const card of cards as Card[]) {
      const told = card.extension?.[cardExtensionKey];
      if (!told) continue;
      fired.add(told.ruleId);
      for (const other of told.standsFor ?? []) fired.add(other);
    }
    for (const { ruleId } of extension?.[responseExtensionKey]?.heldBack ?? []) fired.add(ruleId);
  }
  return fired;
}

export function shownComparison({ asked, disagreements, cards }: Comparison): string[] {
  const counts = cards.map(({ count }) => count).sort((a, b) => a - b);
  const spread = new Map<number, number>();
  for (const count of counts) spread.set(count, (spread.get(count) ?? 0) + 1);
  const healthy = cards.filter(({ kind }) => kind === 'healthy');
  return [
    `${asked} charts asked, ${disagreements.length} answers are not what the manifest claims`,
    ...disagreements.slice(0, 30).map(({ id, claim, got }) => `  ${id}: ${claim}, but the server says ${got}`),
    `cards at patient-view: median ${counts[Math.floor(counts.length / 2)] ?? 0}, most ${counts.at(-1) ?? 0} (${[...spread].map(([count, charts]) => `${count}: ${charts} charts`).join(', ')})`,
    ...(healthy.length
      ? [`healthy adults: ${healthy.filter(({ count }) => count > 0).length} of ${healthy.length} with a card`]
      : []),
  ];
}
