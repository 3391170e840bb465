// The source attributes by name, in the order of 45 CFR 170.315(b)(11)(iv).

export interface Attribute {
  id: string;
  name: string;
  cite: string;
}

const list = (section: string, entries: readonly (readonly [place: string, id: string, name: string])[]): Attribute[] =>
  entries.map(([place, id, name]) => ({ id, name, cite: `(b)(11)(iv)(${section})${place}` }));

export const evidenceBased = list('A', [
  ['(1)', 'citation', 'Bibliographic citation of the intervention (clinical research or guideline)'],
  ['(2)', 'developer', 'Developer of the intervention'],
  ['(3)', 'funding', 'Funding source of the technical implementation for the intervention’s development'],
  ['(4)', 'dates', 'Release and, as applicable, revision dates of the intervention or reference source'],
  ['(5)', 'race', 'Use of race'],
  ['(6)', 'ethnicity', 'Use of ethnicity'],
  ['(7)', 'language', 'Use of language'],
  ['(8)', 'sexual-orientation', 'Use of sexual orientation'],
  ['(9)', 'gender-identity', 'Use of gender identity'],
  ['(10)', 'sex', 'Use of sex'],
  ['(11)', 'date-of-birth', 'Use of date of birth'],
  ['(12)', 'social-determinants', 'Use of social determinants of health data'],
  ['(13)', 'health-status', 'Use of health status assessments data'],
]);

export const predictive = list('B', [
  ['(1)(i)', 'developer', 'Name and contact information for the intervention developer'],
  ['(1)(ii)', 'funding', 'Funding source of the technical implementation for the intervention’s development'],
  ['(1)(iii)', 'output', 'Description of value that the intervention produces as an output'],
  [
    '(1)(iv)',
    'output-type',
    'Whether the output is a prediction, classification, recommendation, evaluation, analysis, or other type',
  ],
  ['(2)(i)', 'intended-use', 'Intended use of the intervention'],
  ['(2)(ii)', 'intended-patients', 'Intended patient population for the intervention’s use'],
  ['(2)(iii)', 'intended-users', 'Intended users'],
  ['(2)(iv)', 'decision-role', 'Intended decision-making role: informs, augments, replaces clinical management'],
  [
    '(3)(i)',
    'out-of-scope',
    'Tasks, situations, or populations where a user is cautioned against applying the intervention',
  ],
  ['(3)(ii)', 'known-risks', 'Known risks, inappropriate settings, inappropriate uses, or known limitations'],
  ['(4)(i)', 'training-criteria', 'Exclusion and inclusion criteria that influenced the training data set'],
  ['(4)(ii)', 'input-features', 'Use of the variables of (A)(5) to (13) as input features'],
  ['(4)(iii)', 'training-representativeness', 'Demographic representativeness of the training data by those variables'],
  ['(4)(iv)', 'training-relevance', 'Relevance of the training data to the intended deployed setting'],
  ['(5)(i)', 'fairness-approach', 'Approach taken to ensure that the output is fair'],
  ['(5)(ii)', 'bias-management', 'Approaches to manage, reduce, or eliminate bias'],
  ['(6)(i)', 'external-data', 'Data source, clinical setting, or environment of external validation'],
  ['(6)(ii)', 'external-party', 'Party that conducted the external testing'],
  [
    '(6)(iii)',
    'external-representativeness',
    'Demographic representativeness of the external data by the variables of (A)(5) to (13)',
  ],
  ['(6)(iv)', 'external-process', 'Description of the external validation process'],
  ['(7)(i)', 'validity-internal', 'Validity in test data derived from the same source as the training data'],
  ['(7)(ii)', 'fairness-internal', 'Fairness in test data derived from the same source as the training data'],
  ['(7)(iii)', 'validity-external', 'Validity in data external to, or from a different source than, the training data'],
  ['(7)(iv)', 'fairness-external', 'Fairness in data external to, or from a different source than, the training data'],
  ['(7)(v)', 'outcome-evaluations', 'References to evaluation of use of the intervention on outcomes'],
  ['(8)(i)', 'validity-monitoring', 'Process and frequency by which validity is monitored over time'],
  ['(8)(ii)', 'validity-local', 'Validity in local data'],
  ['(8)(iii)', 'fairness-monitoring', 'Process and frequency by which fairness is monitored over time'],
  ['(8)(iv)', 'fairness-local', 'Fairness in local data'],
  ['(9)(i)', 'update-process', 'Process and frequency by which the intervention is updated'],
  [
    '(9)(ii)',
    'correction-frequency',
    'Frequency by which performance is corrected when risks to validity and fairness are identified',
  ],
]);
