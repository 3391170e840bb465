// Findings that a sentence may name in words only when the chart has them. A cited sentence can still slip in an invented
// one: "{{E9}} with ST elevation". Listed here are the findings that models invent and that change what is done.
import type { EvidenceFact } from './packet.ts';
import { type Fault, handlesIn, withoutHandles } from './prose.ts';

interface Finding {
  words: RegExp;
  /** A measurement that says the same. */
  measured?: { name: RegExp; interpretation: 'high' | 'low' };
}

const measuredBy = (words: RegExp, name: RegExp, interpretation: 'high' | 'low'): Finding => ({
  words,
  measured: { name, interpretation },
});

const findings: Finding[] = [
  measuredBy(/\btachycardi\w+/i, /heart rate|pulse rate|^pulse/i, 'high'),
  measuredBy(/\bbradycardi\w+/i, /heart rate|pulse rate|^pulse/i, 'low'),
  measuredBy(/\bhypotensi\w+|\bshock(?:ed)?\b/i, /blood pressure|systolic/i, 'low'),
  measuredBy(/\bhypertensi\w+/i, /blood pressure|systolic|diastolic/i, 'high'),
  measuredBy(/\btachypn\w+/i, /respiratory rate/i, 'high'),
  measuredBy(/\bhypox\w+|\bdesaturat\w+/i, /oxygen saturation|spo2|oxygen.*blood|po2/i, 'low'),
  measuredBy(/\bfever\w*|\bfebrile|\bpyrexi\w+/i, /temperature/i, 'high'),
  measuredBy(/\bhypothermi\w+/i, /temperature/i, 'low'),
  measuredBy(/\bleu[ck]ocytosis/i, /leukocyte|white (?:blood )?cell|wbc/i, 'high'),
  measuredBy(/\bleu[ck]openia|\bneutropenia/i, /leukocyte|white (?:blood )?cell|wbc|neutrophil/i, 'low'),
  measuredBy(/\bana?emi[ac]\b/i, /h(?:a)?emoglobin|hematocrit|haematocrit/i, 'low'),
  measuredBy(/\bthrombocytop\w+/i, /platelet/i, 'low'),
  measuredBy(/\bhyperkal\w+/i, /potassium/i, 'high'),
  measuredBy(/\bhypokal\w+/i, /potassium/i, 'low'),
  measuredBy(/\bhyponatr\w+/i, /sodium/i, 'low'),
  measuredBy(/\bhypernatr\w+/i, /sodium/i, 'high'),
  measuredBy(/\bhyperglyc\w+/i, /glucose/i, 'high'),
  measuredBy(/\bhypoglyc\w+/i, /glucose/i, 'low'),
  measuredBy(/\bhypercalc\w+/i, /calcium/i, 'high'),
  measuredBy(/\bhypocalc\w+/i, /calcium/i, 'low'),
  measuredBy(/\bobes\w+/i, /body mass index|bmi/i, 'high'),
  ...[
    /\bchest pain\b/i,
    /\bdyspn\w+|\bbreathless\w*|\bshort(?:ness)? of breath/i,
    /\bha?emoptysis/i,
    /\bsyncop\w+|\bcollapse[ds]?\b/i,
    /\bheadaches?\b/i,
    /\bvomit\w+/i,
    /\bdiarrh\w+/i,
    /\brash\w*/i,
    /\bjaundice\w*/i,
    /\b(?:o?edema|leg swelling|swollen leg)/i,
    /\bweakness\b|\bhemiparesis/i,
    /\bseizures?\b|\bconvulsi\w+/i,
    /\bcough\w*/i,
    /\bpalpitations?/i,
    /\bST[- ](?:segment )?(?:elevation|depression)/i,
    /\bmurmurs?\b/i,
    /\bpulse deficit/i,
    /\bmel[ae]na|\bha?emat(?:emesis|uria|ochezia)/i,
    /\bdysuria/i,
    /\bconfus(?:ed|ion)\b|\bdelirium/i,
    /\bneck stiffness|\bmeningism\w*/i,
    /\bphotophobia/i,
    /\bweight loss/i,
    /\bnight sweats/i,
    /\bbleed(?:s|ing)\b|\bha?emorrhag\w+/i,
    /\btrauma\b|(?<!\b(?:kidney|renal|myocardial|cardiac|lung|liver|hepatic|tissue|organ|cellular|brain) )\binjur\w+|\bfall(?:s)?\b(?! (?:in|from|to|when|with|as|below|and|while|because))/i,
    /\bsurgery\b|\bsurgical\b|\boperation\b/i,
    /\bimmobili[sz]\w+/i,
    /\btravel\w*|\bflights?\b/i,
    /\bcancer\b|\bmalignan\w+|\bmetasta\w+/i,
    /\bpregnan\w+/i,
    /\bsmok(?:er|ing|es)\b/i,
    /\balcohol\w*/i,
    /\bdrug (?:use|abuse|misuse)/i,
    /\bsuicid\w+/i,
    /\bfamily history\b/i,
    /\bdiabet\w+/i,
    /\bstroke\b/i,
    /\btearing\b|\bradiat\w+/i,
    /\bunilateral\b/i,
    /\babdominal pain\b/i,
    /\bback pain\b/i,
    /\bleg pain\b/i,
    /\brigors?\b|\bchills\b/i,
    /\bptosis|\bdiplopia|\baphasia|\bdysarthria/i,
    /\b(?:lungs?|chest) (?:is|are) clear\b|\bclear (?:lungs?|chest)\b/i,
    /\bswollen\b|\bswelling\b/i,
    /\bcrushing\b|\bpleuritic\b|\bburning\b/i,
    /\banxi(?:ous|ety)\b|\bpanic\b|\bagitat\w+/i,
    /\bpale\b|\bpallor\b/i,
    /\brigid\w*|\bguarding\b|\bperitonis\w+/i,
    /\bneck veins?\b|\bjugular\b/i,
    /\basthma\w*/i,
    /\bcoronary (?:artery )?disease\b|\bangina\b|\bstents?\b/i,
    /\b(?:ha?emo)?dialysis\b/i,
    /\btransplant\w*/i,
    /\bwheez\w+|\bcrackles?\b|\bstridor\b/i,
    /\bHIV\b|\bimmunosuppress\w+|\bimmunocomprom\w+/i,
  ].map((words) => ({ words })),
];

const hypothetical =
  /\b(?:would|could|might|may|if|whether|unless|not (?:yet |been )?(?:recorded|documented|known|measured|done|available)|no record|unknown|missing|needed|lacking|awaited|pending|should|is (?:recorded|documented|available) (?:nowhere|yet))\b|\b[Nn]o [\w -]{2,40}(?:is|was|has been) (?:recorded|documented|measured|available|given)\b/i;

/** Measurements by the words that sentences use, and how the chart may call them. */
const measurements: [RegExp, RegExp][] = [
  [/\btroponins?\b/i, /troponin/i],
  [/\blactate\b/i, /lactate|lactic/i],
  [/\bwhite (?:blood )?(?:cell )?counts?\b|\bneutrophils?\b/i, /leu[kc]ocyte|white|wbc|neutrophil/i],
  [/\bcreatinine\b/i, /creatinine/i],
  [/\bpotassium\b/i, /potassium/i],
  [/\bsodium\b/i, /sodium/i],
  [/\bha?emoglobin\b/i, /ha?emoglobin/i],
  [/\bplatelets?\b/i, /platelet/i],
  [/\bd-?dimers?\b/i, /dimer/i],
  [/\bglucose\b/i, /glucose/i],
  [/\b(?:CRP|C-reactive protein)\b/i, /crp|c reactive|c-reactive/i],
  [/\bbilirubin\b/i, /bilirubin/i],
  [/\bscores?\b/i, /score/i],
  [/\blipase\b/i, /lipase/i],
  [/\bnatriuretic peptides?\b|\bBNP\b/i, /natriuretic|bnp/i],
  [/\bsaturations?\b|\bSp?O2\b/i, /saturation|spo2|oxygen/i],
  [/\bblood pressures?\b/i, /blood pressure|systolic|diastolic/i],
  [/\b(?:heart|pulse|respiratory) rates?\b/i, /rate|pulse/i],
  [/\btemperatures?\b/i, /temperature/i],
  [
    /\b(?:calcium|magnesium|phosphate|albumin|ferritin|cortisol|urate|ammonia|bicarbonate|lithium)\b/i,
    /calcium|magnesium|phosphate|albumin|ferritin|cortisol|ur(?:ate|ic)|ammonia|bicarbonate|carbon dioxide|lithium/i,
  ],
];
/** "Potassium excretion" is no measurement. */
const ofProcess =
  /\b[\w-]+ (?:excretion|loads?|balance|shifts?|handling|homeostasis|metabolism|supply|demand|delivery|uptake|intake)\b/gi;
/** A test that is said to have shown something. */
const shownByTest =
  /\b(?:ECG|electrocardiogra\w+|CT|MRI|scan|tomography|echo\w*|biopsy|film|radiograph|x-ray|ultrasound|doppler|angiogra\w+|imaging|cultures?|swab|smear|serology|endoscopy|colonoscopy|puncture|urinalysis)\b(?: \w+){0,2} (?:show(?:s|ed)?|reveal(?:s|ed)?|agree[sd]?|confirm(?:s|ed)?|demonstrate[sd]?|(?:is|was|are|were) (?:positive|negative|normal|abnormal|clear))\b/i;
const judged =
  /\b(?:elevated|high|raised|increased|up|low|reduced|decreased|down|normal|abnormal|positive|negative|rising|falling|stable|deranged|impaired)\b/i;

/** "A raised troponin" has to cite the troponin; a test that nobody did has shown nothing. */
function measuredElsewhere(text: string, facts: readonly EvidenceFact[]): Fault | undefined {
  for (const clause of text.split(/[,;:.()–—]|\b(?:but|whereas|while|although|though|however)\b/i)) {
    const words = withoutHandles(clause).replace(ofProcess, ' ');
    const cited = handlesIn(clause).flatMap((handle) => facts.find((fact) => fact.handle === handle) ?? []);
    for (const [said, name] of measurements) {
      const named = said.exec(words)?.[0].toLowerCase();
      if (named === undefined || cited.some((fact) => name.test(`${fact.name} ${fact.text}`))) continue;
      if (!facts.some((fact) => name.test(fact.name)))
        return { check: 'finding', reason: `names "${named}", which the chart does not hold` };
      if (judged.test(words)) return { check: 'finding', reason: `judges the ${named} without citing it` };
    }
    const test = shownByTest.exec(words)?.[0].toLowerCase().split(' ')[0];
    if (test !== undefined && !cited.some((fact) => fact.kind === 'lab' || fact.kind === 'procedure'))
      return { check: 'finding', reason: `lets a test speak (${test}) that is not cited` };
  }
  return undefined;
}

/** Findings that are diagnoses as well: weighed as such ("argues against shock", "stroke is less likely"), they are not said to be there. */
const diagnosis =
  /shock|ha?emorrhag|bleed|hypogly|hypergly|stroke|ana?emi|hyperkal|hypokal|hyponatr|hypernatr|hypercalc|hypocalc|delirium|cancer|malignan|metasta|diabet|thrombocytop|neutropeni|weakness/i;
const weighedBefore =
  /\b(?:suggest\w*|support\w*|against|favou?rs?|points? (?:to|towards?)|compatible with|consistent with|in keeping with|concerns? (?:for|about)|risk (?:of|that)|danger of|likelihood of|rather than|than|suspicion of|consider\w*|makes?|raises? the question of|possible|cause[sd]? of|indicat\w+|defines?)(?: [\w-]+){0,4} $/i;
const weighedAfter =
  /^[\w -]{0,24}\b(?:unlikely|likely|possible|plausible|remains?|explain\w*|consider\w*|less|more|on the list|can|cannot|account\w*|fits?|would)\b/i;

const upheld =
  /\b(?:suggest\w*|support\w*|favou?rs?|points? (?:to|towards?)|compatible with|consistent with|in keeping with|indicat\w+|defines?|explains?)(?: [\w-]+){0,3} $/i;

/** A measurement that is on the chart and says otherwise cannot be made to speak for it. */
const isWeighed = (words: string, named: RegExpExecArray, isRefuted: boolean): boolean =>
  diagnosis.test(named[0]) &&
  !(isRefuted && upheld.test(words.slice(0, named.index))) &&
  !/\b(?:known|history of|previous|past|her|his|the patient'?s)(?: [\w-]+){0,2} $/i.test(words.slice(0, named.index)) &&
  (weighedBefore.test(words.slice(0, named.index)) || weighedAfter.test(words.slice(named.index + named[0].length)));

const isRefuted = ({ measured }: Finding, present: readonly EvidenceFact[]): boolean => {
  const results = measured ? present.filter((fact) => measured.name.test(fact.name)) : [];
  return results.length > 0 && !results.some((fact) => fact.interpretation?.endsWith(measured!.interpretation));
};

/** `own` are names the sentence may use freely: those of its candidate. */
export function checkFindings(
  text: string,
  facts: readonly EvidenceFact[],
  heard: string,
  own: string,
): Fault | undefined {
  if (hypothetical.test(text)) return undefined;
  const elsewhere = measuredElsewhere(text, facts);
  if (elsewhere) return elsewhere;
  const words = withoutHandles(text);
  const present = facts.filter(
    (fact) => !['refuted', 'negated', 'family'].includes(fact.status) && fact.kind !== 'question',
  );
  for (const finding of findings) {
    const found = finding.words.exec(words);
    if (!found || finding.words.test(own) || isWeighed(words, found, isRefuted(finding, present))) continue;
    const [named] = found;
    const isThere =
      present.some((fact) => finding.words.test(fact.text)) ||
      finding.words.test(heard) ||
      (finding.measured !== undefined &&
        present.some(
          (fact) =>
            finding.measured!.name.test(fact.name) && fact.interpretation?.endsWith(finding.measured!.interpretation),
        ));
    if (!isThere) return { check: 'finding', reason: `names "${named.toLowerCase()}", which the chart does not hold` };
  }
  return undefined;
}
