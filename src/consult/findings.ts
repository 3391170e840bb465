// Findings that a sentence may name in words only when the chart has them. A cited sentence can still slip in an invented
// one: "{{E9}} with ST elevation". Listed here are the findings that models invent and that change what is done.
import type { EvidenceFact } from './packet.ts';
import { type Fault, withoutHandles } from './prose.ts';

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
    /\btrauma\b|\binjur\w+|\bfall(?:s)?\b(?! (?:in|from|to))/i,
    /\bsurgery\b|\bsurgical\b|\boperation\b/i,
    /\bimmobili[sz]\w+/i,
    /\btravel\w*/i,
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
    /\bHIV\b|\bimmunosuppress\w+|\bimmunocomprom\w+/i,
  ].map((words) => ({ words })),
];

const hypothetical = /\b(?:would|could|might|may|if|whether|unless|not recorded|not documented|no record|unknown)\b/i;

/** `own` are names the sentence may use freely: those of its candidate. */
export function checkFindings(
  text: string,
  facts: readonly EvidenceFact[],
  heard: string,
  own: string,
): Fault | undefined {
  if (hypothetical.test(text)) return undefined;
  const words = withoutHandles(text);
  const present = facts.filter(
    (fact) => !['refuted', 'negated', 'family'].includes(fact.status) && fact.kind !== 'question',
  );
  for (const finding of findings) {
    const named = finding.words.exec(words)?.[0];
    if (named === undefined || finding.words.test(own)) continue;
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
