// People for a rule, made of its own cases: those for whom it fires, near misses that fail one criterion and no more, and those for
// whom one datum is missing. Each is asked as a hook request before it is kept: what the manifest claims has been seen.
import type { Rule } from '../../guards/rule.ts';
import type { Explained } from '../../guards/three-valued.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import { type CaseEdit, editsFor } from '../rules/case-edits.ts';
import type { RuleCase } from '../rules/cases.ts';
import { nameOfLeaf } from '../rules/coverage.ts';
import { ask, askedHooks, type Heard, hookRequest, truths } from './asking.ts';
import { chartOf, type SyntheticChart } from './chart.ts';
import { company, withExtra } from './people.ts';
import { type Chance, chance } from './random.ts';

export interface Claim {
  kind: 'fires' | 'near-miss' | 'unknown';
  rule: string;
  hook: string;
  tier?: string;
  /** The one criterion that fails, or that cannot be known, and what was changed for it. */
  because?: string;
  gaps?: string[];
  /** The case it was made of. */
  from: string;
}

export interface Synthetic {
  given: RuleCase;
  chart: SyntheticChart;
  claim: Claim;
}

export interface Wanted {
  count: number;
  seed: string;
  nearMisses: boolean;
  terminology: Terminology;
  valueSets: readonly ValueSet[];
  now: Date;
}

interface Candidate {
  given: RuleCase;
  heard: Heard;
  chart: SyntheticChart;
  /** It comes out otherwise two hours later: something on it stands just at a limit of time. */
  ages: boolean;
}

/** A chart on disk is asked later than it was made. */
const lastsMs = 2 * 3_600_000;

/** These hooks are about an encounter, so there is one. */
const encounterOf: Record<string, string | undefined> = { 'encounter-start': 'AMB', 'encounter-discharge': 'IMP' };

const mostTried = 400;
const isAboutWho = ({ of }: CaseEdit): boolean => of === 'sex' || of === 'age';

export async function peopleFor(rule: Rule, cases: readonly RuleCase[], wanted: Wanted): Promise<Synthetic[]> {
  const { count, seed, nearMisses, terminology, valueSets, now } = wanted;
  const hookOf = (given: RuleCase) => given.hook ?? rule.hooks.at(-1)!;
  const usable = cases.filter((given) => given.missing.length === 0 && askedHooks.includes(hookOf(given)));
  const heard = async (given: RuleCase, what: string, by: Chance): Promise<Candidate> => {
    const hook = hookOf(given);
    const encounter = given.encounter ?? encounterOf[hook];
    const chart = chartOf({ ...given, hook, ...(encounter && { encounter }) }, what, terminology, now, by);
    const request = hookRequest(chart.id, chart.resources, hook);
    const said = await ask(request, rule, terminology, now);
    const later = await ask(request, rule, terminology, new Date(now.getTime() + lastsMs));
    return { given, chart, heard: said, ages: later.outcome !== said.outcome || later.tier !== said.tier };
  };
  const claim = ({ given, heard: said }: Candidate, kind: Claim['kind'], because?: string): Claim => ({
    kind,
    rule: rule.id,
    hook: hookOf(given),
    ...(said.tier && { tier: said.tier }),
    ...(because && { because }),
    ...(said.gaps.length && { gaps: said.gaps }),
    from: given.name,
  });

  const firing: Candidate[] = [];
  for (const given of chance(`${rule.id} ${seed}`).shuffled(usable)) {
    const tried = await heard(given, `${rule.id} base`, chance('base'));
    // A tier in doubt is one more thing than a demonstration wants.
    if (tried.heard.outcome === 'fires' && tried.heard.gaps.length === 0) firing.push(tried);
  }
  const lasting = firing.filter(({ ages }) => !ages);
  // A rule about minutes has no chart that lasts.
  const bases = (lasting.length ? lasting : firing).map(({ given }) => given);
  if (bases.length === 0) return [];

  const people: Synthetic[] = [];
  const edits = editsFor(rule, cases, terminology, valueSets).filter(({ of }) => !of.startsWith('part '));
  const failed = new Map<string, number>();
  for (let place = 0; place < count; place++) {
    const what = `${rule.id} ${seed} ${place}`;
    const base = await varied(bases[place % bases.length]!, what);
    people.push({ given: base.given, chart: base.chart, claim: claim(base, 'fires') });
    if (!nearMisses) continue;
    for (const kind of ['near-miss', 'unknown'] as const) {
      const made = await missed(base, kind, `${what} ${kind}`);
      if (made) people.push(made);
    }
  }
  return people;

  /** Another age, a birthday, everyday company: kept as long as each criterion comes out as before. */
  async function varied(given: RuleCase, what: string): Promise<Candidate> {
    const by = chance(what);
    const { age } = given.patient;
    let held = await heard(given, what, chance(`${what} chart`));
    const asBefore = truths(held.heard.criteria).join();
    const keep = async (changed: RuleCase | undefined): Promise<void> => {
      if (!changed) return;
      const tried = await heard(changed, what, chance(`${what} chart`));
      const isSame =
        tried.heard.outcome === 'fires' &&
        tried.heard.tier === held.heard.tier &&
        tried.heard.gaps.length === 0 &&
        (!tried.ages || held.ages) &&
        truths(tried.heard.criteria).join() === asBefore;
      if (isSame) held = tried;
    };
    if (age !== undefined) {
      const other = age + by.between(-6, 6);
      if (other >= (age >= 18 ? 18 : 0)) await keep({ ...held.given, patient: { ...held.given.patient, age: other } });
      if (by.number() < 0.5)
        await keep({
          ...held.given,
          patient: { ...held.given.patient, sex: held.given.patient.sex === 'female' ? 'male' : 'female' },
        });
      if (age >= 18) for (const extra of company(by)) await keep(withExtra(held.given, extra));
    }
    return held;
  }

  /** One edit away from firing: exactly one criterion comes out otherwise. */
  async function missed(base: Candidate, kind: 'near-miss' | 'unknown', what: string): Promise<Synthetic | undefined> {
    const by = chance(what);
    const wantedTruth = kind === 'near-miss' ? 'false' : 'unknown';
    let best: { candidate: Candidate; because: string; criterion: string; seen: number } | undefined;
    // A chart without a sex or an age is the dullest of gaps: it comes last.
    const inTurn = by.shuffled(edits).sort((a, b) => Number(isAboutWho(a)) - Number(isAboutWho(b)));
    for (const { words, apply } of inTurn.slice(0, mostTried)) {
      const given = apply(base.given);
      if (!given || given.missing.length > 0) continue;
      const candidate = await heard(given, what, chance(`${what} chart`));
      if (candidate.heard.outcome !== (kind === 'near-miss' ? 'quiet' : 'unknown')) continue;
      const off = candidate.heard.criteria.filter(({ truth }) => truth !== 'true');
      if (off.length !== 1 || off[0]!.truth !== wantedTruth || (candidate.ages && !base.ages)) continue;
      const criterion = shortly(off[0]!);
      const seen = failed.get(`${kind} ${criterion}`) ?? 0;
      if (!best || seen < best.seen)
        best = {
          candidate,
          because: `${words}: ${criterion} ${kind === 'near-miss' ? 'fails' : 'is unknown'}`,
          criterion,
          seen,
        };
      if (seen === 0) break;
    }
    if (!best) return undefined;
    failed.set(`${kind} ${best.criterion}`, best.seen + 1);
    return {
      given: best.candidate.given,
      chart: best.candidate.chart,
      claim: claim(best.candidate, kind, best.because),
    };
  }
}

function shortly(tree: Explained): string {
  if (tree.kind === 'fact') return nameOfLeaf(tree);
  if (tree.kind === 'not') return `not ${shortly(tree.parts![0]!)}`;
  return tree.parts!.map(shortly).join(tree.kind === 'all' ? ' and ' : ' or ');
}
