// A child of three with otitis media: weight matters, and so does a cough syrup with codeine.
// Quirks left in: weight once in pounds; birth date makes the age 3 years and a bit, so monthly limits can be tried.
import { vitals } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const pemberton: SandboxPatient = {
  story: {
    patientId: 'pemberton',
    title: 'A child with otitis',
    oneLine: 'Paediatrics, 3. Both ears, 39.2, screaming at night. A codeine syrup was on the old order set.',
    suggestedOrder: {
      code: '993755',
      display: 'acetaminophen 24 MG/ML / codeine phosphate 2.4 MG/ML Oral Solution',
      sig: '5 mL every 6 hours as needed',
    },
    question: 'Antibiotic now or wait, and what dose for 14 kg?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'pemberton',
      mrn: 'SYN-015077',
      family: 'PEMBERTON-TOY',
      given: 'Pip',
      gender: 'male',
      ageInYears: 3,
      monthsSinceBirthday: 2,
    })
      .visit({ class: 'AMB', since: '20min', where: 'Paediatrics', reason: 'Ear pain, fever' })
      .problem('3110003', 'H66.90', 'Acute otitis media', '1d')
      .takes({ code: '197803', display: 'Ibuprofen 20 MG/ML Oral Suspension' }, '7 mL every 8 hours as needed', '1d')
      .noKnownAllergies()
      .vitals('15min', { hr: 132, rr: 28, temp: 39.2, spo2: 98, weight: 14, height: 96 })
      .result({ ...vitals.weight, unit: '[lb_av]' }, 29, '5mo', {
        category: [
          { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
        ],
      })
      .note(
        'Visit note',
        '10min',
        'Pulling both ears for one day. Both drums red and bulging. Drinks, wet nappies. Vaccines up to date. No antibiotic in the last 90 days.',
      ).resources;
  },
};
