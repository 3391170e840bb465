// A child who breathes fast. Wheeze since the night, saturation 90.
// Quirks left in: the weight is of five months ago; consciousness is told in the note only.
import { drugs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const tremaine: SandboxPatient = {
  story: {
    patientId: 'tremaine',
    title: 'A wheezing child',
    oneLine: 'ED bay 1, 4. Breathing 46, heart rate 158, saturation 90 on air. Speaks in single words.',
    suggestedOrder: { code: '312615', display: 'prednisone 20 MG Oral Tablet', sig: '1 tablet once daily for 3 days' },
    question: 'How bad is this attack, and how much prednisone for 17 kg?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'tremaine',
      mrn: 'SYN-016104',
      family: 'TREMAINE-TOY',
      given: 'Juno',
      gender: 'female',
      ageInYears: 4,
    })
      .visit({ class: 'EMER', since: '25min', where: 'ED, bay 1', reason: 'Wheeze, short of breath' })
      .problem('195967001', 'J45.20', 'Asthma', '2y')
      .takes(drugs.albuterolNeb, '3 mL every 4 hours as needed', '1y')
      .noKnownAllergies()
      .vitals('5mo', { weight: 17, height: 103 })
      .vitals('15min', { hr: 158, rr: 46, temp: 37.6, spo2: 90, bp: [98, 58] })
      .note(
        'Triage',
        '15min',
        'Wheeze since last night, three nebulisers at home. Alert, speaks in single words, recession below the ribs.',
      ).resources;
  },
};
