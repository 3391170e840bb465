// CURB-65. Trap: the threshold is urea above 7 mmol/L or BUN above 19 mg/dL, and 7 mmol/L converts to 19.6 mg/dL; so a value
// given in mmol/L is judged in mmol/L.
import { adultAge, bun, diastolic, respiratoryRate, systolic } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';
import { plainUnit } from './units.ts';

export const curb65 = defineCalculator({
  id: 'curb_65',
  title: 'CURB-65',
  citation: 'Lim WS et al. Thorax 2003;58:377-382',
  confidence: 'A',
  validity: 'Adults with community-acquired pneumonia',
  unit: '{score}',
  decimals: 0,
  inputs: {
    confusion: yesNo('New confusion'),
    bun_mg_dl: bun,
    rr: respiratoryRate,
    sbp: systolic,
    dbp: diastolic,
    age_y: adultAge,
  },
  compute: (v, given) => {
    const urea = given.bun_mg_dl;
    const isMolar = urea !== undefined && plainUnit(urea.unit) === 'mmol/L';
    const value =
      Number(v.confusion) +
      Number(isMolar ? urea.value > 7 : v.bun_mg_dl > 19) +
      Number(v.rr >= 30) +
      Number(v.sbp < 90 || v.dbp <= 60) +
      Number(v.age_y >= 65);
    return { value, band: value <= 1 ? 'low' : value === 2 ? 'moderate' : 'high' };
  },
});
