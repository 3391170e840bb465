// Sends every case through the whole app and compares the cards with what was expected.
import { now, testApp } from '../../support/app.ts';
import { type MedicationCase, readCases, requestOf, type Tier } from './cases.ts';

export interface SeenCard {
  summary: string;
  indicator: Tier;
  detail?: string;
  suggestions?: { label: string }[];
  extension?: Record<string, { ruleId: string; evidence?: { text: string }[] }>;
}
export interface Judged {
  kind: string;
  given: MedicationCase;
  cards: SeenCard[];
  passed: boolean;
  /** A stop card where none should be. */
  falseCritical: boolean;
}

const rank: Record<Tier, number> = { info: 0, warning: 1, critical: 2 };

export const ruleIdOf = ({ extension }: SeenCard): string => Object.values(extension ?? {})[0]?.ruleId ?? '';

/** `every`: of each file the first of so many cases. */
export async function judgeAll(wanted?: RegExp, every = 1): Promise<Judged[]> {
  const app = testApp();
  const judged: Judged[] = [];
  for (const { kind, cases } of readCases()) {
    for (const [place, given] of cases.entries()) {
      if (place % every !== 0) continue;
      if (wanted && !wanted.test(`${kind}: ${given.name}`)) continue;
      const answer = await app.post('/cds-services/medication-safety', requestOf(given, now));
      if (answer.status !== 200) throw new Error(`${given.name}: ${answer.status} ${await answer.text()}`);
      const { cards } = (await answer.json()) as { cards: SeenCard[] };
      judged.push({ kind, given, cards, ...verdict(given, cards) });
    }
  }
  return judged;
}

function verdict({ expect }: MedicationCase, cards: SeenCard[]): { passed: boolean; falseCritical: boolean } {
  const strongest = Math.max(-1, ...cards.map(({ indicator }) => rank[indicator]));
  if (!('fires' in expect)) {
    const falseCritical = strongest >= rank.critical;
    return { passed: strongest < ('quiet' in expect ? rank.warning : rank.critical), falseCritical };
  }
  const { about, atLeast, atMost } = expect.fires;
  const found = cards.filter(({ summary, detail, indicator }) => {
    const said = `${summary} ${detail ?? ''}`.toLowerCase();
    return rank[indicator] >= rank[atLeast] && about.every((word) => said.includes(word));
  });
  const falseCritical =
    atMost !== undefined && strongest > rank[atMost] && rank[atMost] < rank.critical && strongest === rank.critical;
  return { passed: found.length > 0 && (atMost === undefined || strongest <= rank[atMost]), falseCritical };
}

export interface Figures {
  sensitivity: number;
  specificity: number;
  positives: number;
  nearMisses: number;
  falseCriticals: Judged[];
  misses: Judged[];
  /** Stop cards without a way out, by case and rule: only an obstacle. */
  stuck: string[];
}

export function figuresOf(judged: Judged[]): Figures {
  const positives = judged.filter(({ given }) => 'fires' in given.expect);
  const nearMisses = judged.filter(({ given }) => !('fires' in given.expect));
  const share = (some: Judged[]) => (some.length ? some.filter(({ passed }) => passed).length / some.length : 1);
  return {
    sensitivity: share(positives),
    specificity: share(nearMisses),
    positives: positives.length,
    nearMisses: nearMisses.length,
    falseCriticals: judged.filter(({ falseCritical }) => falseCritical),
    misses: judged.filter(({ passed }) => !passed),
    stuck: judged.flatMap(({ given, cards }) =>
      cards
        .filter((card) => card.indicator === 'critical' && !card.suggestions?.length)
        .map((card) => `${given.name}: ${ruleIdOf(card)}`),
    ),
  };
}
