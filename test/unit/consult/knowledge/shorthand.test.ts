// Shorthand and slips of a hurried note, and what sounds like them and is something else.
import { expect, it } from 'vitest';
import { observe } from '../../../../src/consult/knowledge/observe.ts';
import { knowledge, sketchChart } from './support.ts';

const findings = (text: string): string[] =>
  [...observe(sketchChart({ ageInYears: 50, sex: 'male' }, text), knowledge()).states.values()]
    .filter((state) => state.isPresent)
    .map((state) => state.finding);

it.each([
  ['WHOL', 'thunderclap'],
  ['trachea pushed to R', 'tracheal-deviation'],
  ['no BS on L', 'reduced-breath-sounds-one'],
  ['neck veins up', 'jvd'],
  ['doesnt know where she is', 'confusion'],
  ['E3V4M6', 'confusion'],
  ['A&Ox1', 'confusion'],
  ['anc 0.2', 'leukopenia'],
  ['ANC 300', 'leukopenia'],
  ['neutropaenic', 'leukopenia'],
  ['took 40 paracetomol tabs', 'paracetamol'],
  ['took 40 of her tabs', 'overdose'],
  ['35/40 primip', 'pregnant'],
  ['wont get words out', 'speech-trouble'],
  ['chets pain', 'chest-pain'],
  ['SOBOE', 'exertional-breathlessness'],
  ['palps', 'palpitations'],
  ['abdo pn', 'abdominal-pain'],
  ['n+v', 'vomiting'],
  ['hasnt peed', 'urinary-retention'],
  ['nit+ leuk+', 'urine-leucocytes-nitrite'],
  ['numb bum', 'saddle-anaesthesia'],
  ['shivery', 'rigors'],
  ['fitted this am', 'seizure'],
  ['diahrea', 'diarrhoea'],
  ['haemoptisis', 'haemoptysis'],
  ['back from Kenya', 'travel-tropics'],
  ['bp 70 sys', 'hypotension'],
  ['bp 78/40 not coming up', 'refractory-hypotension'],
  ['BM reads HI', 'hyperglycaemia'],
])('reads "%s" as %s', (text, finding) => expect(findings(text)).toContain(finding));

it.each([
  ['knee hot to touch', 'fever'],
  ['L ball of foot swollen', 'testicular-pain'],
  ['the picture fits with gout', 'seizure'],
  ['did not pass blood in urine', 'urinary-retention'],
  ['R hemi-arthroplasty', 'focal-weakness'],
  ['MMSE 28/30', 'pregnant'],
  ['ANC 3.1', 'leukopenia'],
  ['Mother had a pulmonary embolism at 40', 'prior-vte'],
  ['Father had a DVT', 'prior-vte'],
])('does not read "%s" as %s', (text, finding) => expect(findings(text)).not.toContain(finding));
