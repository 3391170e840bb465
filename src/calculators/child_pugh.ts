// Child-Pugh class. The middle band includes both its ends, so 3.0 mg/dL, 2.8 g/dL and INR 2.3 score 2.
import { albumin, bilirubin, inr } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { choice } from './input-kinds.ts';

const ascites = choice('Ascites', {
  none: ['absent', 'no', '0'],
  slight: ['mild', 'small', 'diuretic-responsive', 'controlled'],
  'moderate-severe': [
    'moderate',
    'severe',
    'moderate+',
    'moderate or more',
    'moderate to severe',
    'large',
    'tense',
    'refractory',
  ],
});
const encephalopathy = choice('Hepatic encephalopathy', {
  none: ['absent', 'no', 'grade 0', '0'],
  'grade 1-2': ['1-2', 'grade 1', 'grade 2', '1', '2', 'I-II', 'grade I-II', 'mild', 'grade 1 to 2'],
  'grade 3-4': ['3-4', 'grade 3', 'grade 4', '3', '4', 'III-IV', 'grade III-IV', 'severe', 'grade 3 to 4'],
});
const steps = { none: 1, slight: 2, 'moderate-severe': 3, 'grade 1-2': 2, 'grade 3-4': 3 } as const;

export const childPugh = defineCalculator({
  id: 'child_pugh',
  title: 'Child-Pugh',
  citation: 'Pugh RN et al. Br J Surg 1973;60:646-649',
  confidence: 'A',
  validity: 'Cirrhosis; bilirubin limits are higher in primary biliary cholangitis and are not used here',
  unit: '{score}',
  decimals: 0,
  inputs: { bilirubin_mg_dl: bilirubin, albumin_g_dl: albumin, inr, ascites, encephalopathy },
  compute: (v) => {
    const value =
      (v.bilirubin_mg_dl < 2 ? 1 : v.bilirubin_mg_dl <= 3 ? 2 : 3) +
      (v.albumin_g_dl > 3.5 ? 1 : v.albumin_g_dl >= 2.8 ? 2 : 3) +
      (v.inr < 1.7 ? 1 : v.inr <= 2.3 ? 2 : 3) +
      steps[v.ascites] +
      steps[v.encephalopathy];
    const band = value <= 6 ? 'A' : value <= 9 ? 'B' : 'C';
    return { value, band, components: { score: value, class: band } };
  },
});
