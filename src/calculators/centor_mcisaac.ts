// Centor score with McIsaac's correction for age.
import { ageBetween, temperature } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

export const centorMcisaac = defineCalculator({
  id: 'centor_mcisaac',
  title: 'Centor score (McIsaac)',
  citation: 'McIsaac WJ et al. CMAJ 1998;158:75-83',
  confidence: 'B',
  validity: 'Sore throat from 3 years of age; what to do at each score is a local choice',
  unit: '{score}',
  decimals: 0,
  inputs: {
    age_y: ageBetween(3, 120, 'published from 3 years of age'),
    exudate: yesNo('Tonsillar swelling or exudate'),
    nodes: yesNo('Tender anterior cervical nodes'),
    temp_c: temperature,
    cough: yesNo('Cough'),
  },
  compute: (v) =>
    Number(v.exudate) +
    Number(v.nodes) +
    Number(Math.round(v.temp_c * 100) / 100 > 38) +
    Number(!v.cough) +
    (v.age_y < 15 ? 1 : v.age_y >= 45 ? -1 : 0),
});
