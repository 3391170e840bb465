// Padua prediction score for venous thromboembolism in medical inpatients.
import { defineCalculator } from './define.ts';
import { present } from './lists.ts';

const findings = {
  active_cancer: { title: 'Active cancer (3)', also: ['cancer', 'malignancy', 'active malignancy'] },
  previous_vte: {
    title: 'Earlier venous thromboembolism (3)',
    also: ['prior vte', 'vte', 'history of vte', 'prior dvt pe'],
  },
  reduced_mobility: {
    title: 'Reduced mobility (3)',
    also: ['immobility', 'bed rest', 'immobilization', 'immobilisation'],
  },
  thrombophilia: {
    title: 'Known thrombophilia (3)',
    also: ['thrombophilic condition', 'known thrombophilia', 'known thrombophilic condition'],
  },
  recent_trauma_surgery: {
    title: 'Trauma or surgery within a month (2)',
    also: [
      'trauma surgery',
      'trauma or surgery',
      'recent trauma or surgery',
      'recent surgery',
      'recent trauma',
      'recent trauma and or surgery',
      'recent surgery trauma',
      'surgery trauma',
      'trauma surgery 1mo',
    ],
  },
  age_ge70: { title: 'Age 70 or older (1)', also: ['age>=70', 'age 70', 'elderly', 'age 70 or older', 'elderly age'] },
  heart_respiratory_failure: {
    title: 'Heart or respiratory failure (1)',
    also: [
      'heart failure',
      'respiratory failure',
      'heart or respiratory failure',
      'heart and or respiratory failure',
      'cardiac respiratory failure',
      'hf resp failure',
      'cardiorespiratory failure',
      'heart lung failure',
      'heart resp failure',
    ],
  },
  mi_stroke: {
    title: 'Acute myocardial infarction or ischaemic stroke (1)',
    also: [
      'mi',
      'stroke',
      'acute mi',
      'acute mi or stroke',
      'mi or stroke',
      'ischemic stroke',
      'ischaemic stroke',
      'acute mi stroke',
      'acute mi or ischemic stroke',
      'ami stroke',
    ],
  },
  infection_rheumatologic: {
    title: 'Acute infection or rheumatologic disorder (1)',
    also: [
      'infection',
      'acute infection',
      'rheumatologic disorder',
      'infection or rheum',
      'infection rheum',
      'acute infection or rheumatologic disorder',
      'infection rheumatologic disorder',
      'acute infection rheumatologic',
      'infection or rheumatologic disorder',
      'infection rheumatic',
      'acute infection rheum',
    ],
  },
  obesity: { title: 'BMI 30 or more (1)', also: ['bmi>=30', 'bmi 30', 'obese', 'obesity bmi 30', 'obesity bmi>=30'] },
  hormonal: {
    title: 'Hormonal treatment (1)',
    also: [
      'hormones',
      'hormone',
      'hormonal treatment',
      'ongoing hormonal treatment',
      'hormone therapy',
      'hormonal therapy',
      'hormone treatment',
    ],
  },
} as const;
const points: Record<keyof typeof findings, number> = {
  active_cancer: 3,
  previous_vte: 3,
  reduced_mobility: 3,
  thrombophilia: 3,
  recent_trauma_surgery: 2,
  age_ge70: 1,
  heart_respiratory_failure: 1,
  mi_stroke: 1,
  infection_rheumatologic: 1,
  obesity: 1,
  hormonal: 1,
};

export const padua = defineCalculator({
  id: 'padua',
  title: 'Padua score',
  citation: 'Barbar S et al. J Thromb Haemost 2010;8:2450-2457',
  confidence: 'A',
  validity: 'Medical inpatients',
  unit: '{score}',
  decimals: 0,
  inputs: { yes: present('Findings that are present', findings) },
  compute: ({ yes }) => {
    const value = yes.reduce((sum, name) => sum + points[name], 0);
    return { value, band: value >= 4 ? 'high' : 'low' };
  },
});
