// Morphine milligram equivalents, CDC 2022. Traps: the 2016 table differs (hydromorphone 4, tramadol 0.1, methadone graded);
// fentanyl patches are in ug/h; buprenorphine has no factor. Not for converting one opioid to another.
import { defineCalculator, refuse } from './define.ts';
import { number } from './input-kinds.ts';

const factors = {
  codeine_mg_day: 0.15,
  fentanyl_patch_ug_h: 2.4,
  hydrocodone_mg_day: 1,
  hydromorphone_mg_day: 5,
  methadone_mg_day: 4.7,
  morphine_mg_day: 1,
  oxycodone_mg_day: 1.5,
  oxymorphone_mg_day: 3,
  tapentadol_mg_day: 0.4,
  tramadol_mg_day: 0.2,
} as const;

const perDay = (drug: string) => number(`${drug}, oral`, 'mg/d', { min: 0, max: 5000, optional: true });

export const mme = defineCalculator({
  id: 'mme',
  title: 'Morphine milligram equivalents (CDC 2022)',
  citation:
    'Dowell D et al. CDC Clinical Practice Guideline for Prescribing Opioids for Pain, 2022. MMWR Recomm Rep 2022;71(3):1-95',
  confidence: 'C',
  validity: 'Adults, opioids for pain; not for converting one opioid to another, not for buprenorphine',
  unit: 'mg/d',
  decimals: 1,
  inputs: {
    codeine_mg_day: perDay('Codeine'),
    fentanyl_patch_ug_h: number('Fentanyl patch', 'ug/h', { min: 0, max: 500, optional: true }),
    hydrocodone_mg_day: perDay('Hydrocodone'),
    hydromorphone_mg_day: perDay('Hydromorphone'),
    methadone_mg_day: perDay('Methadone'),
    morphine_mg_day: perDay('Morphine'),
    oxycodone_mg_day: perDay('Oxycodone'),
    oxymorphone_mg_day: perDay('Oxymorphone'),
    tapentadol_mg_day: perDay('Tapentadol'),
    tramadol_mg_day: perDay('Tramadol'),
  },
  compute: (v) => {
    const given = Object.entries(factors).flatMap(([name, factor]) => {
      const dose = v[name as keyof typeof factors];
      return dose === undefined ? [] : [[name, dose * factor] as const];
    });
    if (given.length === 0) return refuse(undefined, `missing: at least one of ${Object.keys(factors).join(', ')}`);
    return {
      value: given.reduce((sum, [, equivalents]) => sum + equivalents, 0),
      components: { table: 'CDC 2022', ...Object.fromEntries(given) },
      warnings: ['Do not use to convert one opioid to another'],
    };
  },
});
