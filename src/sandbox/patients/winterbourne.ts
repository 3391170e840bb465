// Breathless three days after a long flight, on the pill, with an old clot in the leg.
// Quirks left in: the old thrombosis is resolved on the problem list; D-dimer in mg/L FEU instead of ng/mL.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const winterbourne: SandboxPatient = {
  story: {
    patientId: 'winterbourne',
    title: 'Breathless after a flight',
    oneLine: 'ED bay 4, 38. Heart rate 118, saturation 91, calf swollen. Asks for a refill of the pill on the way.',
    suggestedOrder: {
      code: '722152',
      display: 'ethinyl estradiol 0.02 MG / levonorgestrel 0.09 MG Oral Tablet',
      sig: '1 tablet once daily',
    },
    question: 'Pulmonary embolism or something else, and which test first?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'winterbourne',
      mrn: 'SYN-014293',
      family: 'WINTERBOURNE',
      given: 'Faux',
      gender: 'female',
      ageInYears: 38,
    })
      .visit({ class: 'EMER', since: '1.5h', where: 'ED, bay 4', reason: 'Shortness of breath' })
      .problem('128053003', 'I82.409', 'Deep venous thrombosis', '6y', { resolved: '5y' })
      .problem('37796009', 'G43.909', 'Migraine', '12y')
      .takes(drugs.ethinylestradiol, '1 tablet once daily', '14mo')
      .takes(drugs.apixaban5, '1 tablet twice daily', '6y', { stopped: '5y' })
      .noKnownAllergies()
      .vitals('25min', { hr: 118, rr: 26, temp: 37.4, spo2: 91, bp: [108, 70], weight: 68, height: 170 })
      .lab(labs.troponin, [28, '1h'])
      .lab(labs.bnp, [640, '1h'])
      .lab(labs.creatinine, [0.8, '1h'])
      .lab(labs.hemoglobin, [13.1, '1h'])
      .lab(labs.platelets, [266, '1h'])
      .result({ code: '48066-5', display: 'D-dimer (FEU)', unit: 'mg/L{FEU}', high: 0.5 }, 3.8, '1h')
      .lab(labs.hcg, [2, '1h'])
      .finding(
        '72166-2',
        'Tobacco smoking status',
        { system: 'http://snomed.info/sct', code: '449868002', display: 'Smokes tobacco daily' },
        '1y',
      )
      .note(
        'ED note',
        '1h',
        'Eleven hour flight three days ago. Since this morning short of breath, sharp pain on breathing in, left calf swollen 3 cm more than right. No cough, no fever at home.',
      ).resources;
  },
};
