// FIB-4. Trap: the low cut-off is 2.0 from 65 years, or most older people would be referred.
import { ageBetween, alt, ast, platelets } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const fib4 = defineCalculator({
  id: 'fib_4',
  title: 'FIB-4',
  citation: 'Sterling RK et al. Hepatology 2006;43:1317-1325; McPherson S et al. Am J Gastroenterol 2017;112:740-751',
  confidence: 'A',
  validity: 'Adults of 35 years and older; not in acute hepatitis',
  unit: '1',
  decimals: 2,
  inputs: {
    age_y: ageBetween(35, 120, 'not reliable below 35 years'),
    ast_u_l: ast,
    alt_u_l: alt,
    platelets_10e9_l: { ...platelets, min: 1 },
  },
  compute: (v) => {
    const value = (v.age_y * v.ast_u_l) / (v.platelets_10e9_l * Math.sqrt(v.alt_u_l));
    const low = v.age_y >= 65 ? 2 : 1.3;
    return { value, band: value < low ? 'low' : value > 2.67 ? 'high' : 'indeterminate' };
  },
});
