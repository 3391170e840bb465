// What a reader of a what-if could overlook: a thought that reaches less of the chart than it seems to, an estimate that the
// chart holds too little for.

import type { WhatIfAnswer } from '../cds-hooks/contract.ts';
import type { Chart } from '../chart/types.ts';
import { capitalised, drugName, isTaken, sameIngredients } from '../facts/medication-list.ts';
import { rounded } from '../facts/orders.ts';
import type { Knowledge } from '../knowledge.ts';
import { isUnknown } from '../unknown.ts';
import { type Change, conceptIn } from './change.ts';
import { sameTest } from './known-results.ts';

const egfr = '98979-8';
const creatinine = '2160-0';

export interface Noted {
  made: readonly Change[];
  before: Chart;
  after: Chart;
  /** Estimates that a change asked for, and what the chart lacks for them. */
  lacking: readonly string[];
}

export function notesOn({ made, before, after, lacking }: Noted, knowledge: Knowledge): WhatIfAnswer['explanation'] {
  return [
    ...stillTaken(before, after),
    ...creatinineStays(made, after, knowledge),
    ...lacking.map((reason) => ({ text: `No estimate. ${reason}.`, handles: [] })),
  ];
}

/** An order that is stopped beside another of the same drug stops nothing. */
function stillTaken(before: Chart, after: Chart): WhatIfAnswer['explanation'] {
  if (isUnknown(before.medications) || isUnknown(after.medications)) return [];
  const taken = after.medications.filter(isTaken);
  const was = before.medications.filter(isTaken);
  const stopped = was.filter(({ reference }) => !taken.some((entry) => entry.reference === reference));
  return stopped.flatMap((gone) => {
    const left = taken.filter(
      (entry) => sameIngredients(entry, gone) && was.some(({ reference }) => reference === entry.reference),
    );
    if (left.length === 0) return [];
    const orders = left.map(({ text }) => text).join(' and ');
    return [
      {
        text: `${capitalised(drugName(gone))} is still taken: ${orders}.`,
        handles: left.map(({ reference }) => reference),
      },
    ];
  });
}

/** An eGFR that is set leaves the creatinine as measured, and some labels dose by its clearance. */
function creatinineStays(made: readonly Change[], after: Chart, knowledge: Knowledge): WhatIfAnswer['explanation'] {
  const observed = new Set(
    made.filter((change) => change.do === 'observe').map(({ code }) => conceptIn(code)?.coding?.[0]?.code),
  );
  const has = (code: string) => [...sameTest(code, knowledge)].some((one) => observed.has(one));
  if (!has(egfr) || has(creatinine)) return [];
  const found = after.observations([...sameTest(creatinine, knowledge)]);
  const newest = isUnknown(found) ? undefined : found.find(({ quantity }) => quantity);
  if (!newest?.quantity) return [];
  const { value, unit, code } = newest.quantity;
  const shown = `${rounded(value)} ${unit ?? code ?? ''}`.trim();
  return [
    {
      text: `Creatinine stays ${shown}: rules that go by creatinine clearance see no change. Set the creatinine as well to see them.`,
      handles: [newest.reference],
    },
  ];
}
