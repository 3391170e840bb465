// Oxygen, consciousness and the saturation scale as charts write them: flow, FiO2 or device, "room air", ACVPU or the coma scale,
// a target of 88 to 92 %. What the chart does not say stays open: nobody is assumed to be on air, or alert.
import { calculators, type Input } from '../calculators/index.ts';
import { readInput } from '../calculators/read-input.ts';
import type { Observation } from '../chart/types.ts';
import { isKnown } from '../unknown.ts';
import { chosenWord } from './calculator-words.ts';
import type { Because, FactContext } from './define.ts';
import { readings } from './results.ts';

export interface Stated<Value> {
  value: Value;
  when?: Date;
  because: Because;
}

const hour = 3_600_000;

const flowCodes = ['3151-8'];
const fractionCodes = ['3150-6'];
const oxygenTopic =
  /\b(oxygen|o2)\b[\w ]*\b(therapy|device|delivery|source|given|supplement\w*|status|mode|flow)\b|supplemental (oxygen|o2)|inspired oxygen|respiratory support|air or oxygen/i;
const onAir = /\b(room air|on air|ambient air|breathing air)\b|^\s*(air|ra|none|no|nil|off)\s*$|^722742002$/i;
const onOxygen =
  /cannula|prongs|mask|venturi|non-?rebreather|ventilat|high[- ]flow|hfn[co]|\b(cpap|bipap|niv)\b|oxygen|\bl\/min|\blpm\b|\d\s*l\b|^\s*yes\s*$|^371825009$/i;

/** The newest observations of a span whose codes or name fit, newest first. */
function within(context: FactContext, hours: number, codes: readonly string[], topic?: RegExp): Observation[] {
  const { chart } = context;
  const coded = chart.observations(codes);
  const named = topic && isKnown(chart.vitals) ? chart.vitals.filter(({ text }) => topic.test(text)) : [];
  return [...new Set([...(isKnown(coded) ? coded : []), ...named])]
    .filter(({ when }) => when && chart.now.getTime() - when.getTime() <= hours * hour && when <= chart.now)
    .sort((a, b) => b.when!.getTime() - a.when!.getTime());
}

const chip = (text: string, { when, reference }: Observation): Because => ({ text, when, reference });

/** Whether oxygen was being given when last charted in 24 hours. */
export function oxygenGiven(context: FactContext): Stated<boolean> | undefined {
  for (const entry of within(context, 24, [...flowCodes, ...fractionCodes], oxygenTopic)) {
    const { quantity, valueText, valueCodings = [], codings, text, when } = entry;
    if (quantity && codings.some(({ code }) => fractionCodes.includes(code ?? ''))) {
      const fraction = asFraction(quantity);
      if (fraction === undefined) continue;
      return {
        value: fraction > 0.215,
        when,
        because: chip(fraction > 0.215 ? `Oxygen ${Math.round(fraction * 100)}%` : 'Room air', entry),
      };
    }
    if (quantity && (codings.some(({ code }) => flowCodes.includes(code ?? '')) || /flow/i.test(text)))
      return {
        value: quantity.value > 0,
        when,
        because: chip(quantity.value > 0 ? `Oxygen ${quantity.value} L/min` : 'Room air', entry),
      };
    const said = [valueText, ...valueCodings.flatMap(({ display, code }) => [display, code])].filter(
      (word) => word !== undefined,
    );
    if (said.some((word) => onAir.test(word))) return { value: false, when, because: chip('Room air', entry) };
    const device = said.find((word) => onOxygen.test(word));
    if (device) return { value: true, when, because: chip(`Oxygen: ${valueText ?? device}`, entry) };
  }
  return undefined;
}

/** FiO2 as a fraction; per cent and fractions are told apart by their unit, and where there is none, by their size. */
export function asFraction({ value, unit, code }: NonNullable<Observation['quantity']>): number | undefined {
  const said = code ?? unit ?? '';
  const fraction = said === '%' || (said === '' && value > 1) ? value / 100 : value;
  return fraction >= 0.2 && fraction <= 1 ? fraction : undefined;
}

/** The inspired fraction nearest in time, at most two hours from a moment; room air is 0.21. */
export function inspiredFraction(context: FactContext, at: Date): Stated<number> | undefined {
  const near = within(context, 26, [...fractionCodes, ...flowCodes], oxygenTopic)
    .map((entry) => ({ entry, apart: Math.abs(entry.when!.getTime() - at.getTime()) }))
    .filter(({ apart }) => apart <= 2 * hour)
    .sort((a, b) => a.apart - b.apart);
  for (const { entry } of near) {
    const { quantity, codings, valueText, when } = entry;
    if (quantity && codings.some(({ code }) => fractionCodes.includes(code ?? ''))) {
      const value = asFraction(quantity);
      if (value !== undefined) return { value, when, because: chip(`FiO2 ${value.toFixed(2)}`, entry) };
    }
    if ((quantity?.value === 0 && /flow/i.test(entry.text)) || (valueText && onAir.test(valueText)))
      return { value: 0.21, when, because: chip('Room air', entry) };
  }
  return undefined;
}

const ventilated = /ventilat|\b(cpap|bipap|niv|hfn[co])\b|high[- ]flow/i;

/** Ventilatory support by the newest charted way of giving oxygen in 24 hours. */
export function isOnVentilator(context: FactContext): boolean {
  const [newest] = within(context, 24, [], /oxygen|o2|ventilat|respiratory support|airway/i).filter(
    ({ valueText, text }) => valueText !== undefined || ventilated.test(text),
  );
  return newest !== undefined && ventilated.test(`${newest.text} ${newest.valueText ?? ''}`);
}

const letterCodes = ['67775-7', '80288-4'];
const letterTopic = /level of (consciousness|responsiveness)|\bac?vpu\b/i;
type Level = 'A' | 'C' | 'V' | 'P' | 'U';

/** ACVPU where a letter or words are charted; otherwise from the coma scale, of which 15 is alert and less is not. */
export function consciousness(context: FactContext): Stated<Level> | undefined {
  const acvpu = calculators.get('news2')!.inputs.consciousness as Extract<Input, { kind: 'choice' }>;
  const written = within(context, 24, letterCodes, letterTopic).flatMap((entry) => {
    const word = chosenWord(acvpu, entry);
    const read = word === undefined ? undefined : readInput(acvpu, word);
    const level = read && 'value' in read ? (read.value as Level) : undefined;
    return level ? [{ value: level, when: entry.when, because: chip(`Consciousness: ${word}`, entry) }] : [];
  })[0];
  const coma = within(context, 24, ['9269-2']).find(({ quantity }) => quantity);
  if (coma && (!written || coma.when! > written.when!))
    return {
      value: coma.quantity!.value >= 15 ? 'A' : 'C',
      when: coma.when,
      because: chip(`Glasgow coma scale ${coma.quantity!.value}`, coma),
    };
  return written;
}

const hypercapnia = /hypercapn|hypercarb|type (2|ii) respiratory failure|co2[ -]?retain|carbon dioxide retention/i;
const hypercapniaCodes = /^J96\.[0129]2$/;
const lowTarget = /\b88\s*(%|percent)?\s*(-|–|to|until)\s*92\s*(%|percent)?/i;

/**
 * RCP 2017: scale 2 only where hypercapnic failure is confirmed, a target of 88 to 92 % set. Read as such are: that failure on the
 * problem list; the target in an order, a charted goal or the charted scale itself; COPD with an arterial PaCO2 above 45 mmHg
 * (6.0 kPa) within a year.
 */
export function saturationScale(context: FactContext): { scale: '1' | '2'; because?: Because } {
  const { chart, terminology } = context;
  const problems = isKnown(chart.problems) ? chart.problems.filter(({ standing }) => standing === 'active') : [];
  const failure = problems.find(
    ({ text, codings }) =>
      hypercapnia.test(text) ||
      codings.some(({ code, display }) => hypercapniaCodes.test(code ?? '') || hypercapnia.test(display ?? '')),
  );
  if (failure)
    return { scale: '2', because: { text: failure.text, when: failure.onset, reference: failure.reference } };
  const orders = isKnown(chart.serviceOrders) ? chart.serviceOrders : [];
  const target = orders.find(
    ({ standing, text, resource }) => standing !== 'past' && lowTarget.test(`${text} ${JSON.stringify(resource)}`),
  );
  if (target)
    return {
      scale: '2',
      because: { text: 'Target saturation 88 to 92% ordered', when: target.when, reference: target.reference },
    };
  const charted = (isKnown(chart.vitals) ? chart.vitals : []).find(
    ({ text, valueText, quantity, when }) =>
      when &&
      chart.now.getTime() - when.getTime() <= 7 * 24 * hour &&
      (lowTarget.test(`${text} ${valueText ?? ''}`) ||
        (/spo2 scale|saturation scale/i.test(text) && (quantity?.value === 2 || /\b2\b/.test(valueText ?? '')))),
  );
  if (charted) return { scale: '2', because: chip('Target saturation 88 to 92% charted', charted) };
  const copd = problems.find(({ groups }) => groups.has('copd'));
  const gas = copd && terminology.valueSet('paco2') ? readings(context, 'paco2', 'mm[Hg]', 365) : undefined;
  const high = gas && isKnown(gas) ? gas.find(({ value }) => value > 45) : undefined;
  return high
    ? { scale: '2', because: chip(`COPD, arterial PaCO2 ${Math.round(high.value)} mmHg`, high.entry) }
    : { scale: '1' };
}
