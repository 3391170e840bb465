// Canadian CT head rule. The value is 2 for a high risk finding, 1 for a medium one, 0 for none.
// Trap: it applies only to the injuries it was derived in, so those conditions are inputs and refuse.
import { ageBetween } from './common-inputs.ts';
import { defineCalculator, refuse } from './define.ts';
import { number, yesNo } from './input-kinds.ts';

export const canadianCtHead = defineCalculator({
  id: 'canadian_ct_head',
  title: 'Canadian CT head rule',
  citation: 'Stiell IG et al. Lancet 2001;357:1391-1396',
  confidence: 'B',
  validity:
    'GCS 13 to 15 after head injury with loss of consciousness, amnesia or disorientation; 16 years or older, not anticoagulated, no seizure',
  unit: '{level}',
  decimals: 0,
  inputs: {
    age_y: ageBetween(16, 120, 'the rule was not derived below 16 years'),
    gcs: number('Glasgow coma scale now', '1', {
      min: 13,
      max: 15,
      integer: true,
      limits: 'the rule holds for 13 to 15',
    }),
    loc_amnesia_or_disorientation: yesNo('Witnessed loss of consciousness, amnesia or disorientation'),
    anticoagulated: yesNo('Taking an anticoagulant, or a bleeding disorder', { chart: { takes: 'anticoagulants' } }),
    seizure: yesNo('Seizure after the injury'),
    gcs_lt15_at_2h: yesNo('GCS below 15 two hours after injury'),
    skull_fracture: yesNo('Suspected open or depressed skull fracture'),
    basal_signs: yesNo('Any sign of basal skull fracture'),
    vomiting_ge2: yesNo('Two or more episodes of vomiting'),
    amnesia_ge30min: yesNo('Amnesia for 30 minutes or more before impact'),
    dangerous_mechanism: yesNo('Dangerous mechanism'),
  },
  compute: (v) => {
    if (v.anticoagulated) return refuse('anticoagulated', 'the rule was not derived in anticoagulated patients');
    if (v.seizure) return refuse('seizure', 'the rule was not derived in patients with a seizure');
    if (!v.loc_amnesia_or_disorientation) {
      return refuse(
        'loc_amnesia_or_disorientation',
        'the rule holds only after loss of consciousness, amnesia or disorientation',
      );
    }
    const isHigh = v.gcs_lt15_at_2h || v.skull_fracture || v.basal_signs || v.vomiting_ge2 || v.age_y >= 65;
    const isMedium = v.amnesia_ge30min || v.dangerous_mechanism;
    return isHigh ? { value: 2, band: 'high' } : isMedium ? { value: 1, band: 'medium' } : { value: 0, band: 'low' };
  },
});
