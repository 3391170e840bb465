// An old man with a failing memory, on a donepezil that five of his other drugs work against.
// Quirks left in: two orders for the same oxybutynin; diphenhydramine bought without prescription stands as text "sleep aid (blue)".
import { drugs, labs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const thistlewood: SandboxPatient = {
  story: {
    patientId: 'thistlewood',
    title: 'Many anticholinergics at 86',
    oneLine: 'Memory clinic, 86. Falls, constipation, more confused. One more sedating antihistamine is planned.',
    suggestedOrder: {
      code: '1049909',
      display: 'diphenhydramine hydrochloride 25 MG Oral Capsule',
      sig: '2 capsules nightly',
    },
    question: 'Which of these drugs explain the confusion and the falls?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'thistlewood',
      mrn: 'SYN-011902',
      family: 'THISTLEWOOD',
      given: 'Sample',
      gender: 'male',
      ageInYears: 86,
    })
      .visit({ class: 'AMB', since: '45min', where: 'Memory clinic', reason: 'More confused, two falls' })
      .problem('26929004', 'G30.9', "Alzheimer's disease", '4y')
      .problem('266569009', 'N40.1', 'Benign prostatic hyperplasia', '12y')
      .problem('87557004', 'N39.41', 'Urge incontinence of urine', '3y')
      .problem('161898004', 'R29.6', 'Falls', '2mo')
      .problem('14760008', 'K59.00', 'Constipation', '6mo')
      .takes(drugs.donepezil10, '1 tablet nightly', '3y')
      .takes(drugs.oxybutynin5, '1 tablet twice daily', '3y')
      .takes(drugs.oxybutynin5, '1 tablet three times daily', '4mo')
      .takes(drugs.amitriptyline25, '1 tablet nightly', '6y')
      .takes(drugs.hydroxyzine25, '1 tablet three times daily as needed', '5mo')
      .takes(drugs.cyclobenzaprine10, '1 tablet nightly', '2mo')
      .takes(drugs.tamsulosin, '1 capsule nightly', '10y')
      .order({ text: 'sleep aid (blue), drugstore' }, { text: 'at bedtime' }, '3mo')
      .noKnownAllergies()
      .vitals('30min', { hr: 54, temp: 36.4, bp: [112, 64], weight: 64, height: 170 })
      .survey('72172-0', 'MoCA total score', 17, '11mo')
      .survey('72172-0', 'MoCA total score', 13, '40min')
      .lab(labs.sodium, [136, '1mo'])
      .lab(labs.creatinine, [1.3, '1mo'])
      .lab(labs.egfr, [53, '1mo'])
      .lab(labs.potassium, [4.3, '1mo'])
      .result({ code: '8636-3', display: 'QTc interval', unit: 'ms', high: 450 }, 468, '1mo').resources;
  },
};
