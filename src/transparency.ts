// GET /source-attributes.json: what ONC's HTI-1 rule, 45 CFR 170.315(b)(11)(iv), asks to be said of decision support, generated
// from the rules and the settings in force: 13 attributes of every evidence-based intervention, 31 of the predictive one.
// GET /model-card.json says the same of the model in the words of a model card. What we do not know is said to be unknown.
import type { Hono } from 'hono';
import { leaves, type Rule } from './guards/rule.ts';
import type { Knowledge } from './knowledge.ts';
import type { Platform } from './platform.ts';
import type { Service } from './service.ts';
import { type Attribute, evidenceBased, predictive } from './transparency/attributes.ts';

interface TransparencyWiring {
  platform: Platform;
  services: readonly Service[];
  knowledge: () => Knowledge;
}

// biome-ignore lint/suspicious/noExplicitAny: the app's own variables are of no interest here
export function transparencyRoutes(app: Hono<any>, { platform, services, knowledge }: TransparencyWiring): void {
  let made: { hash: string; text: string } | undefined;
  app.get('/source-attributes.json', (c) => {
    const held = knowledge();
    if (made?.hash !== held.hash)
      made = { hash: held.hash, text: JSON.stringify(sourceAttributes(platform, services, held)) };
    return c.body(made.text, 200, { 'content-type': 'application/json; charset=utf-8' });
  });
  app.get('/model-card.json', (c) => c.json(modelCard(platform)));
}

export function sourceAttributes({ settings }: Platform, services: readonly Service[], { ruleSet, hash }: Knowledge) {
  return {
    regulation: '45 CFR 170.315(b)(11)(iv)',
    rulesHash: hash,
    services: services.map(({ id, title }) => ({ id, title, isOff: settings.SERVICES_OFF.includes(id) })),
    evidenceBased: ruleSet.rules
      .filter(({ status }) => status === 'active' || status === 'silent')
      .map((rule) => ({
        id: rule.id,
        version: rule.version,
        title: rule.title,
        status: rule.status,
        attributes: ofRule(rule),
      })),
    predictive: [
      {
        id: 'generative-consult',
        title: 'Differential and record summaries written by a language model',
        isOff: isModelOff(settings),
        attributes: named(predictive, modelAnswers(settings)),
      },
    ],
    userSelectedMarking:
      'Silent rules are counted and not shown. A service is switched off with SERVICES_OFF, the model with MODEL_OFF or by leaving its settings out.',
  };
}

type Answers = Record<string, string>;

const named = (attributes: readonly Attribute[], answers: Answers) =>
  attributes.map(({ id, name, cite }) => ({ id, name, cite, value: answers[id] ?? 'Not available: not known to us.' }));

const none = 'Not used.';

function ofRule(rule: Rule) {
  const asked = new Set(
    [rule.when, ...rule.tiers.flatMap(({ when }) => when ?? [])].flatMap((condition) =>
      leaves(condition).map(({ fact }) => fact),
    ),
  );
  const uses = (pattern: RegExp, how: string): string => {
    const found = [...asked].filter((fact) => pattern.test(fact));
    return found.length ? `Used: ${how} (${found.join(', ')}).` : none;
  };
  const equations = [...asked].filter((fact) => /kidneyFunction|egfr|creatinineClearance/i.test(fact));
  return named(evidenceBased, {
    citation: rule.evidence.map(({ citation, url }) => (url ? `${citation} ${url}` : citation)).join(' · '),
    developer: `${rule.steward} (steward of the rule), in Curbside`,
    funding: 'Not known to us.',
    dates: `Version ${rule.version}, last reviewed ${rule.lastReviewDate}`,
    race: 'Not used. Kidney function is estimated by CKD-EPI 2021, which has no term for race.',
    ethnicity: none,
    language: none,
    'sexual-orientation': none,
    'gender-identity': none,
    sex:
      equations.length && !/\bsex\b/.test([...asked].join(' '))
        ? `Used: inside the kidney equations (${equations.join(', ')}).`
        : uses(/^(sex|isPregnant|gestationInWeeks|calculated|scoreReaches)$/, 'sex as recorded for clinical use'),
    'date-of-birth':
      equations.length && ![...asked].some((fact) => /^age/.test(fact))
        ? `Used: age, inside the kidney equations (${equations.join(', ')}).`
        : uses(/^age|^calculated|^scoreReaches|isDue|questionnaire/i, 'age'),
    'social-determinants': uses(/smok|housing|social/i, 'social history'),
    'health-status': uses(/questionnaire|phq|surveys|scoreReaches|oneVital/i, 'assessments on record'),
  });
}

const isModelOff = ({ OPENAI_API_KEY, OPENAI_BASE_URL }: Platform['settings']): boolean =>
  !OPENAI_API_KEY && !OPENAI_BASE_URL;

const unknownToUs =
  'Not available from the model’s supplier to us. Ask the supplier, and see the local evaluation below.';
const localOnly = 'Not available: no study outside our own tests is known to us.';
const vignettes =
  'Vignettes with known answers in test/evals score the offline differential at every change. The model’s own text has no score here: every claim in it is checked against the chart, and what does not hold is withheld and counted.';

function modelAnswers({ OPENAI_MODEL, OPENAI_BASE_URL, ...settings }: Platform['settings']): Answers {
  const model = isModelOff({ OPENAI_BASE_URL, ...settings } as Platform['settings'])
    ? 'none: the model is off here'
    : `${OPENAI_MODEL ?? 'gpt-5-mini'} at ${new URL(OPENAI_BASE_URL ?? 'https://api.openai.com/v1').host}`;
  return {
    developer: `Curbside (prompting, checking, display). Language model in use: ${model}. Contact: the site that runs this server.`,
    funding: 'Not known to us for Curbside. For the model: see its supplier.',
    output:
      'Text: candidate diagnoses with what speaks for and against each, every sentence with the numbers of the chart entries it rests on; record summaries in the same form.',
    'output-type':
      'Other: drafted prose about findings that rules and a knowledge base made. No score, no probability.',
    'intended-use': 'A second look at a differential, and a draft of a summary, for a clinician who knows the patient.',
    'intended-patients':
      'Patients in whose chart it is opened. Children and pregnant patients: the same text, with the same checks; not studied apart.',
    'intended-users': 'Clinicians with the right to diagnose and to order.',
    'decision-role':
      'Informs. It cannot raise an indicator, add an action or change the order of cards; it signs and writes nothing.',
    'out-of-scope':
      'Not for emergencies in place of assessment, not for triage without a clinician, not for patients reading alone, not for deciding on coverage.',
    'known-risks':
      'Omission, over-confidence, anchoring on what is in the chart, mistakes in copied notes. Uncited sentences are dropped, proposed drugs pass the same guards as orders, the offline list is shown first and does not wait.',
    'training-criteria': unknownToUs,
    'input-features':
      'Of the listed attributes: sex, age (ages over 89 are grouped), and health status assessments, social history where they are on record. Race, ethnicity, language, sexual orientation and gender identity are not sent.',
    'training-representativeness': unknownToUs,
    'training-relevance': unknownToUs,
    'fairness-approach':
      'Race and ethnicity are not sent. The rules and the offline differential, which are always shown, do not depend on the model.',
    'bias-management': 'A name never reaches the model. Swaps of sex or age in one chart are not measured.',
    'external-data': localOnly,
    'external-party': localOnly,
    'external-representativeness': localOnly,
    'external-process': localOnly,
    'validity-internal': vignettes,
    'fairness-internal': 'Not available: not measured.',
    'validity-external': localOnly,
    'fairness-external': localOnly,
    'outcome-evaluations': 'None known to us.',
    'validity-monitoring':
      'Every run is in the ledger with what was withheld and by which check; the site reads it at GET /audit as often as it decides to.',
    'validity-local':
      'The counts of items shown and withheld are in this site’s ledger. No validity figure is computed.',
    'fairness-monitoring': 'Not done by the software: the site decides.',
    'fairness-local': 'Not available: not measured.',
    'update-process':
      'With releases of Curbside; prompts and rules carry a hash that every run records. The model changes when its supplier or the setting OPENAI_MODEL changes.',
    'correction-frequency':
      'With each release; at once by switching the model off (MODEL_OFF=on) or a service (SERVICES_OFF).',
  };
}

function modelCard({ settings }: Platform) {
  return {
    isOff: isModelOff(settings),
    attributes: named(predictive, modelAnswers(settings)),
    marking:
      'Generated text is offered as a draft in the panel and is marked as generated there. Nothing is written back to the chart by this server, so that no resource of ours carries meta.security AIAST or a Provenance; a site that files such a draft should set both (AIAST: http://terminology.hl7.org/CodeSystem/v3-ObservationValue).',
  };
}
