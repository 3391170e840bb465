// quick SOFA.
import { glasgowComa, respiratoryRate, systolic } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const qsofa = defineCalculator({
  id: 'qsofa',
  title: 'qSOFA',
  citation: 'Singer M et al. JAMA 2016;315:801-810',
  confidence: 'A',
  validity: 'Adults with suspected infection outside intensive care',
  unit: '{score}',
  decimals: 0,
  inputs: { rr: respiratoryRate, sbp: systolic, gcs: glasgowComa },
  compute: ({ rr, sbp, gcs }) => {
    const value = Number(rr >= 22) + Number(sbp <= 100) + Number(gcs < 15);
    return { value, band: value >= 2 ? 'positive' : 'negative' };
  },
});
