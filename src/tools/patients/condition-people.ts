// People for a condition of the differential: their complaint and findings as a note, a problem list, results and drugs. Each chart is
// put to the differential before it is kept: the condition is among its first three, or in a near miss no longer is.
import { isRefusal, openChart } from '../../chart/open.ts';
import { readChart } from '../../chart/read.ts';
import { chartParts } from '../../chart/types.ts';
import { buildPacket } from '../../consult/index.ts';
import { differential } from '../../consult/knowledge/differential.ts';
import type { Knowledge } from '../../consult/knowledge/load.ts';
import type { Condition, FindingRule } from '../../consult/knowledge/schema.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import { isKnown, isUnknown } from '../../unknown.ts';
import { caseSchema, type RuleCase } from '../rules/cases.ts';
import { hookRequest } from './asking.ts';
import { chartOf, type Json, type SyntheticChart, withNote } from './chart.ts';
import { templateNote } from './note.ts';
import { type Chance, chance } from './random.ts';

export interface ConditionClaim {
  kind: 'supports' | 'near-miss';
  condition: string;
  /** Its place in the differential, from 1; absent when it is not in it. */
  place?: number;
  /** Titles of the findings that the chart was given. */
  findings: string[];
  /** What a near miss lacks or denies. */
  because?: string;
}

export interface ConditionPerson {
  chart: SyntheticChart;
  claim: ConditionClaim;
  given: RuleCase;
  said: string[];
}

export interface ConditionWanted {
  count: number;
  seed: string;
  nearMisses: boolean;
  terminology: Terminology;
  knowledge: Knowledge;
  now: Date;
}

/** What the differential shows first. */
const foremost = 3;

interface Part {
  finding: FindingRule;
  /** The log of what it says for the condition. */
  weight: number;
  put(given: RuleCase, said: string[]): RuleCase;
}

export async function peopleForCondition(condition: Condition, wanted: ConditionWanted): Promise<ConditionPerson[]> {
  const people: ConditionPerson[] = [];
  const { knowledge, terminology } = wanted;
  const parts = condition.findings
    .flatMap(({ finding, lrPositive = 1 }) => {
      const rule = knowledge.findings.get(finding)!;
      const put = realised(rule, knowledge, terminology);
      return lrPositive > 1 && put ? [{ finding: rule, weight: Math.log(lrPositive), put } satisfies Part] : [];
    })
    .sort((a, b) => b.weight - a.weight);
  for (let place = 0; place < wanted.count; place++) {
    const what = `condition ${condition.id} ${wanted.seed} ${place}`;
    const by = chance(what);
    const person = personFor(condition, by);
    const opening = openingFor(condition, by, knowledge, terminology);
    let made: ConditionPerson | undefined;
    let chosen: Part[] = [];
    // A few of the stronger findings first; more of them when others explain the complaint better.
    for (let size = 3; size <= Math.min(parts.length, 9) && !made; size++) {
      const strongest = parts.slice(0, size + 2);
      chosen = [strongest[0]!, ...by.shuffled(strongest.slice(1)).slice(0, size - 1)];
      made = await attempt(chosen, 'supports', what);
    }
    if (!made) continue;
    people.push(made);
    if (!wanted.nearMisses) continue;
    const byWeight = [...chosen].sort((a, b) => b.weight - a.weight);
    for (let without = 1; without <= byWeight.length; without++) {
      const lost = byWeight.slice(0, without);
      const miss = await attempt(byWeight.slice(without), 'near-miss', `${what} miss`, lost);
      if (!miss) continue;
      people.push(miss);
      break;
    }

    async function attempt(
      held: readonly Part[],
      kind: ConditionClaim['kind'],
      label: string,
      lost: readonly Part[] = [],
    ): Promise<ConditionPerson | undefined> {
      const said: string[] = [];
      let given = person;
      for (const part of [...opening, ...held]) given = part.put(given, said);
      for (const { finding } of lost) {
        const words = statement(finding, knowledge);
        if (words && !opening.some((one) => one.finding.id === finding.id)) said.push(`No ${words.toLowerCase()}.`);
      }
      const unique = [...new Set(said)];
      const bare = chartOf(given, label, terminology, wanted.now, chance(`${label} chart`));
      const chart = withNote(bare, 'Progress note', templateNote(given, unique), wanted.now);
      const at = await placeOf(condition.id, chart, wanted);
      const isForemost = at !== undefined && at.place <= foremost;
      if (kind === 'supports' ? !(isForemost && at.supports >= 2) : isForemost) return undefined;
      return {
        chart,
        given,
        said: unique,
        claim: {
          kind,
          condition: condition.id,
          ...(at && { place: at.place }),
          findings: held.map(({ finding }) => finding.title),
          ...(lost.length && {
            because: `without ${lost.map(({ finding }) => finding.title.toLowerCase()).join(', ')}`,
          }),
        },
      };
    }
  }
  return people;
}

/** Where the condition stands in the differential for a chart, and how many findings speak for it there. */
export async function placeOf(
  id: string,
  { id: patientId, resources }: SyntheticChart,
  { knowledge, terminology, now }: Pick<ConditionWanted, 'knowledge' | 'terminology' | 'now'>,
): Promise<{ place: number; supports: number } | undefined> {
  const { context, prefetch } = hookRequest(patientId, resources as Json[], 'patient-view');
  const opened = await openChart({ context, prefetch, now }, { required: ['patient'], helpful: chartParts });
  if (isRefusal(opened)) throw new Error(`the chart of ${patientId} cannot be opened`);
  const chart = readChart(opened, terminology);
  const notes = isKnown(chart.notes) ? chart.notes : [];
  const { items } = differential({ chart, packet: buildPacket(chart, { notes }), notes }, knowledge);
  const place = items.findIndex(({ candidate }) => candidate.id === id);
  return place < 0
    ? undefined
    : {
        place: place + 1,
        supports: items[place]!.contributions.filter(({ likelihoodRatio }) => likelihoodRatio > 1).length,
      };
}

function personFor({ applies, prior, title }: Condition, by: Chance): RuleCase {
  const helped = prior.modifiers.filter(({ factor }) => factor > 1);
  const sex = applies?.sex ?? helped.find((one) => one.sex)?.sex ?? by.pick(['female', 'male'] as const);
  const low = Math.max(
    applies?.minAge ?? 0,
    ...helped.filter((one) => !one.sex || one.sex === sex).map((one) => one.minAge ?? 0),
    25,
  );
  const high = Math.min(applies?.maxAge ?? 85, 85);
  const age = low <= high ? by.between(low, Math.min(high, low + 35)) : high;
  return caseSchema.parse({ name: `a person for ${title}`, patient: { age, sex }, encounter: 'EMER', expect: 'quiet' });
}

/** The complaint with which they come. */
function openingFor(condition: Condition, by: Chance, knowledge: Knowledge, terminology: Terminology): Part[] {
  for (const id of by.shuffled(condition.presentations)) {
    const presentation = knowledge.presentations.get(id);
    for (const trigger of by.shuffled(presentation?.triggers ?? [])) {
      const findings = [trigger].flat().map((one) => knowledge.findings.get(one)!);
      // A complaint that another condition explains better is no help: what speaks against it is not its opening.
      if (
        findings.some(({ id: one }) => (condition.findings.find(({ finding }) => finding === one)?.lrPositive ?? 1) < 1)
      )
        continue;
      const parts = findings.map((finding) => realised(finding, knowledge, terminology));
      if (parts.some((part) => part === undefined)) continue;
      const reason = presentation!.title;
      return findings.map((finding, place) => ({
        finding,
        weight: 0,
        put: (given, said) => ({ ...parts[place]!(given, said), reason }),
      }));
    }
  }
  return [];
}

/** A finding as an EHR would hold it: a result, an entry, a drug, or a sentence of the note. */
function realised(rule: FindingRule, knowledge: Knowledge, terminology: Terminology): Part['put'] | undefined {
  for (const { loinc, limits } of rule.observations) {
    const [limit] = limits;
    if (!limit) continue;
    const { unit, above, below } = limit;
    const value = Number((above === undefined ? below! * 0.8 : above * 1.2 + (above === 0 ? 1 : 0)).toPrecision(3));
    return (given) => ({ ...given, results: [...given.results, { loinc: loinc[0]!, value, unit, ago: '2 hours' }] });
  }
  const words = statement(rule, knowledge);
  if (words && rule.kind !== 'risk' && rule.kind !== 'drug')
    return (given, said) => {
      said.push(`${words}.`);
      return given;
    };
  const snomed = rule.problems?.snomed[0];
  if (snomed)
    return (given) => ({ ...given, problems: [...given.problems, { snomed, text: rule.title, since: '2 years' }] });
  const drug = rule.drugs?.tokens
    .filter((token) => !token.startsWith('atc:'))
    .map((token) => `${token.replaceAll('-', ' ')} oral tablet`)
    .find((name) => {
      const read = terminology.drugByName(name);
      return !isUnknown(read) && rule.drugs!.tokens.some((token) => read.groups.has(token));
    });
  if (drug) {
    const since = `${Math.min(rule.drugs?.startedWithinDays ?? 60, 60) / 2} days`;
    return (given) => ({ ...given, takes: [...given.takes, { drug, since }] });
  }
  if (words)
    return (given, said) => {
      said.push(`${words}.`);
      return given;
    };
  return undefined;
}

const stated = new WeakMap<FindingRule, string | undefined>();

/** Words by which the differential reads a finding as present: its title if that is one, else the plainest of its phrases. */
function statement(rule: FindingRule, knowledge: Knowledge): string | undefined {
  if (!stated.has(rule)) {
    const candidates = [rule.title, ...rule.phrases.map(plainPhrase)].filter((words) => words.length > 2);
    stated.set(
      rule,
      candidates.find((words) =>
        knowledge
          .matchText(`Has ${words}.`)
          .found.some(({ id, kind, assertion }) => kind === 'finding' && id === rule.id && assertion === 'present'),
      ),
    );
  }
  const words = stated.get(rule);
  return words && words.charAt(0).toUpperCase() + words.slice(1);
}

/** `calf|leg .. swell*` → "calf swell": the first of each alternative, without what may stand between. */
const plainPhrase = (pattern: string): string =>
  pattern
    .split(/\s+/)
    .filter((element) => !/^(\.+|&)$/.test(element) && !element.endsWith('?') && !element.startsWith('@'))
    .map((element) => element.split('|')[0]!.replace(/\*$/, '').replaceAll('_', ' '))
    .join(' ');
