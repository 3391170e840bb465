// Whether the patient may eat: from diet orders, other orders that say so, and the hook's own drafts.
import { z } from 'zod';
import {
  concept,
  conceptText,
  daysBetween,
  type Json,
  list,
  moment,
  object,
  statusCode,
  text,
} from '../fhir/reading.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { type Because, cannotSay, defineFact, type FactContext, no, yes } from './define.ts';

const nothing = z.strictObject({});

const nilWords =
  /\b(npo|nbm)\b|\bnil (by|per) (mouth|os)\b|\bnothing by mouth\b|\bnil per os\b|\bfasting diet\b|\bnothing per os\b/i;
/** SNOMED CT: nil by mouth. */
const nilCodes = new Set(['182923009']);
const live = new Set(['active', 'draft', 'on-hold', '']);

/** A diet order stands until it is replaced; any other order that says so is believed for two days. */
const otherOrderDays = 2;

export const nilByMouth = defineFact<z.infer<typeof nothing>>({
  id: 'nilByMouth',
  question: 'Is the patient nil by mouth, by a diet order or another order that says so?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, context) => {
    const diets = dietOrders(context);
    const [newest] = diets;
    const said = otherOrders(context)[0];
    // A later diet ends an earlier "nil by mouth", whichever kind of order said it.
    if (newest && (!said?.when || (newest.when && newest.when >= said.when)))
      return newest.isNil ? yes([newest.chip], { names: { nilBy: newest.chip.text } }) : no([newest.chip]);
    if (said) return yes([said], { names: { nilBy: said.text } });
    const { parts } = context.chart.source;
    const isAsked = (part: 'diets' | 'serviceRequests') => parts[part] !== undefined && !isUnknown(parts[part]);
    return isAsked('diets') ? no() : cannotSay('no diet order could be read');
  },
});

interface Diet {
  isNil: boolean;
  when?: Date;
  chip: Because;
}

/** The diets that stand, newest first. */
function dietOrders({ chart }: FactContext): Diet[] {
  const held = chart.part('diets');
  const orders = [...(isUnknown(held) ? [] : held), ...chart.source.drafts].filter(
    ({ resourceType }) => resourceType === 'NutritionOrder',
  );
  return orders
    .flatMap((resource): Diet[] => {
      const entry = resource as unknown as Json;
      const status = statusCode(entry.status) ?? '';
      if (!live.has(status)) return [];
      const diet = object(entry.oralDiet);
      const types = list(diet?.type).flatMap((type) => concept(type) ?? []);
      const words = [
        ...types.map(conceptText),
        text(diet?.instruction),
        text(entry.instruction),
        ...list(entry.note).map((note) => text(note.text)),
        ...list(entry.excludeFoodModifier).map((food) => conceptText(concept(food))),
      ].filter((word) => word !== undefined);
      const isNil =
        words.some((word) => nilWords.test(word)) ||
        types.some(({ coding = [] }) => coding.some(({ code }) => nilCodes.has(code ?? '')));
      const when = moment(entry.dateTime);
      return [
        {
          isNil,
          when,
          chip: { text: words[0] ?? 'Diet order', when, reference: `NutritionOrder/${resource.id ?? ''}` },
        },
      ];
    })
    .sort((a, b) => (b.when?.getTime() ?? 0) - (a.when?.getTime() ?? 0));
}

function otherOrders({ chart }: FactContext): Because[] {
  const orders = isKnown(chart.serviceOrders) ? chart.serviceOrders : [];
  return orders
    .filter(
      ({ text: said, codings, standing, when, resourceType }) =>
        resourceType !== 'NutritionOrder' &&
        standing !== 'past' &&
        (!when || daysBetween(when, chart.now) <= otherOrderDays) &&
        (nilWords.test(said) || codings.some(({ code }) => nilCodes.has(code ?? ''))),
    )
    .map(({ text: said, when, reference }) => ({ text: said, when, reference }))
    .sort((a, b) => (b.when?.getTime() ?? 0) - (a.when?.getTime() ?? 0));
}
