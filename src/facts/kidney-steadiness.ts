// Equations for kidney function assume a steady creatinine; this asks whether it is one.
import { z } from 'zod';
import { daysBetween } from '../fhir/reading.ts';
import { isUnknown } from '../unknown.ts';
import { cannotSay, defineFact, no, yes } from './define.ts';
import { rounded } from './orders.ts';
import { because, readings } from './results.ts';

const nothing = z.strictObject({});

/** KDIGO 2012 AKI stage 1 by creatinine: at least 0.3 mg/dL up within 48 hours, or to 1.5 times within 7 days. */
export const creatinineIsRising = defineFact<z.infer<typeof nothing>>({
  id: 'creatinineIsRising',
  question:
    'Has creatinine risen by 0.3 mg/dL within 48 hours or to 1.5 times within 7 days, the newest value being at most 7 days old?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, context) => {
    const found = readings(context, 'creatinine', 'mg/dL', 14);
    if (isUnknown(found)) return cannotSay(found);
    const [newest, ...earlier] = found;
    const at = newest!.entry.when;
    if (!at || daysBetween(at, context.chart.now) > 7) return cannotSay('no creatinine in 7 days');
    // Binary fractions: 1.3 - 1.0 is a hair below 0.3.
    const slack = 1e-9;
    const lower = earlier.find(({ entry, value }) => {
      if (!entry.when) return false;
      const apart = daysBetween(entry.when, at);
      return (
        (apart <= 2 && newest!.value - value >= 0.3 - slack) || (apart <= 7 && newest!.value >= 1.5 * value - slack)
      );
    });
    if (!lower) return no([because(newest!, 'Creatinine', 'mg/dL')]);
    return yes([because(newest!, 'Creatinine', 'mg/dL'), because(lower, 'Creatinine before', 'mg/dL')], {
      names: { creatinine: `${rounded(newest!.value)} mg/dL`, creatinineBefore: `${rounded(lower.value)} mg/dL` },
    });
  },
});
