// Interaction rules of any number: the one that the bench's order meets, and others about pairs of real ingredients, many of
// which share a drug with the order.
import { type InteractionRow, rulesOf } from '../../src/guards/interaction-table.ts';
import type { Rule } from '../../src/guards/rule.ts';
import type { Terminology } from '../../src/terminology/terminology.ts';
import { isUnknown } from '../../src/unknown.ts';

const text = 'The danger, the reason, the way out, in two sentences of usual length for a card.';

/** Drugs of the bench's patient: no other rule may be about two of them, so that one rule fires at every size. */
const onTheList = new Set([
  'warfarin',
  'ibuprofen',
  'amlodipine',
  'lisinopril',
  'metformin',
  'atorvastatin',
  'hydrochlorothiazide',
  'metoprolol',
  'simvastatin',
  'sertraline',
  'nitrofurantoin',
]);

export function interactionRules(count: number, terminology: Terminology): Rule[] {
  // A salt or another name of a listed drug is that drug.
  const groups = (name: string) => {
    const drug = terminology.drugByName(name);
    return isUnknown(drug) ? [] : [...drug.groups];
  };
  const ofTheList = new Set([...onTheList].flatMap(groups));
  const tokens = [...terminology.names.byToken.keys()].filter(
    (token) =>
      /^[a-z]{4,}$/.test(token) && !ofTheList.has(token) && !groups(token).some((group) => onTheList.has(group)),
  );
  const rows: InteractionRow[] = [['warfarin', 'ibuprofen', 'major', text]];
  // Every drug of the order and the list has rules with others; the rest are all pairs, in turn.
  for (let step = 1; rows.length < count; step++) {
    for (let place = 0; place < tokens.length && rows.length < count; place++) {
      const a = place % 100 < onTheList.size ? [...onTheList][place % 100]! : tokens[place]!;
      const b = tokens[(place + step) % tokens.length]!;
      if (a !== b) rows.push([a, b, 'major', text]);
    }
  }
  // As a licensed table of this size would come in. Pairs may repeat here, so ids are by place.
  return rulesOf({ id: 'bench', source: 'A table of the bench', importedOn: '2026-11-01', rows }).map((rule, place) =>
    Object.assign(rule, { id: `bench-${place}` }),
  );
}
