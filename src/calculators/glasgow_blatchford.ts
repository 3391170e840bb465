// Glasgow-Blatchford. Trap: haemoglobin has other bands for women, who never score for 12 g/dL.
import { bun, haemoglobin, heartRate, sex, systolic } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

export const glasgowBlatchford = defineCalculator({
  id: 'glasgow_blatchford',
  title: 'Glasgow-Blatchford',
  citation: 'Blatchford O et al. Lancet 2000;356:1318-1321',
  confidence: 'A',
  validity: 'Adults with upper gastrointestinal bleeding',
  unit: '{score}',
  decimals: 0,
  inputs: {
    bun_mg_dl: bun,
    hb_g_dl: haemoglobin,
    sex,
    sbp: systolic,
    hr: heartRate,
    melena: yesNo('Melaena'),
    syncope: yesNo('Syncope'),
    hepatic: yesNo('Liver disease', { chart: { problem: 'chronic-liver-disease' } }),
    cardiac_failure: yesNo('Heart failure', { chart: { problem: 'heart-failure' } }),
  },
  compute: (v) => {
    const [bun, hb] = [v.bun_mg_dl, v.hb_g_dl];
    const haemoglobinPoints = hb < 10 ? 6 : v.sex === 'male' ? (hb < 12 ? 3 : hb < 13 ? 1 : 0) : hb < 12 ? 1 : 0;
    const value =
      (bun < 18.2 ? 0 : bun < 22.4 ? 2 : bun < 28 ? 3 : bun < 70 ? 4 : 6) +
      haemoglobinPoints +
      (v.sbp < 90 ? 3 : v.sbp < 100 ? 2 : v.sbp < 110 ? 1 : 0) +
      Number(v.hr >= 100) +
      Number(v.melena) +
      2 * Number(v.syncope) +
      2 * Number(v.hepatic) +
      2 * Number(v.cardiac_failure);
    return { value, band: value <= 1 ? 'low' : 'not low' };
  },
});
