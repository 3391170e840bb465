// COPD that keeps carbon dioxide: saturation 89 is where it should be, and on the usual scale it would raise an alarm.
// Quirks left in: the target stands in an order; the blood gas is from the last admission.
import { drugs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const corvin: SandboxPatient = {
  story: {
    patientId: 'corvin',
    title: 'Saturation 89, as it should be',
    oneLine: 'ED bay 7, 67. COPD with hypercapnia, target 88 to 92%. More breathless than usual, on 1 litre.',
    suggestedOrder: {
      code: '308460',
      display: 'azithromycin 250 MG Oral Tablet',
      sig: '2 tablets once daily for 3 days',
    },
    question: 'Is he worse, or does only the score think so?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'corvin',
      mrn: 'SYN-016410',
      family: 'CORVIN-DEMO',
      given: 'Ansel',
      gender: 'male',
      ageInYears: 67,
    })
      .visit({ class: 'EMER', since: '70min', where: 'ED, bay 7', reason: 'More breathless than usual' })
      .problem('13645005', 'J44.9', 'Chronic obstructive pulmonary disease', '11y')
      .takes(drugs.albuterolNeb, '3 mL every 4 hours as needed', '3y')
      .noKnownAllergies()
      .vitals('55min', { hr: 88, rr: 20, temp: 37.0, spo2: 89, bp: [136, 80], weight: 64, height: 172 })
      .onOxygen(1, '55min')
      .alert('55min')
      .lab({ code: '2019-8', display: 'PaCO2, arterial', unit: 'mm[Hg]', low: 35, high: 45 }, [58, '4mo'])
      .asks('Oxygen therapy, target saturation 88 to 92%', '1h')
      .note('Triage', '55min', 'Two days of more cough, white sputum, no fever. Talks in sentences.').resources;
  },
};
