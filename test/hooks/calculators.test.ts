import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { bundle, lab, medication, patient, patientView } from '../support/requests.ts';

type Json = Record<string, unknown>;
interface Used {
  name: string;
  value: unknown;
  unit?: string;
  reference?: string;
  when?: string;
}
interface Result extends Json {
  id: string;
  value: number;
  unit: string;
  band?: string;
  patientId?: string;
  warnings: string[];
  inputs: Used[];
  citation: string;
  notFilled?: Record<string, string>;
}

const app = testApp();

async function calculate(id: string, body: unknown): Promise<Result> {
  const response = await app.post(`/calculators/${id}`, body);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Result;
}

/** Status, and each issue as it would be read. */
async function refusal(id: string, body: unknown): Promise<{ status: number; issues: string[]; inputs: string[] }> {
  const response = await app.post(`/calculators/${id}`, body);
  const { resourceType, issue } = (await response.json()) as {
    resourceType: string;
    issue: { diagnostics: string; expression?: string[] }[];
  };
  expect(resourceType).toBe('OperationOutcome');
  return {
    status: response.status,
    issues: issue.map(({ diagnostics }) => diagnostics),
    inputs: issue.flatMap(({ expression = [] }) => expression),
  };
}

const used = ({ inputs }: Result, name: string) => inputs.find((input) => input.name === name);

const vital = (code: string, value: number, unit: string, at = '2026-11-24T08:40:00Z') =>
  lab(code, value, unit, { id: `vital-${code}`, effectiveDateTime: at, category: undefined });
const said = (code: string, text: string, given: Json = {}) =>
  lab(code, 0, '1', {
    id: `said-${code}`,
    effectiveDateTime: '2026-11-24T08:40:00Z',
    valueQuantity: undefined,
    valueCodeableConcept: { text, ...given },
  });
const problem = (id: string, snomed: string, text: string, status = 'active') => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: { coding: [{ code: status }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code: snomed }], text },
});
const creatinine = (value: number, unit: string, given: Json = {}) => lab('2160-0', value, unit, given);
const chart = patientView;

describe('the list', () => {
  test('says of every calculator what it takes, from where, and for whom it holds', async () => {
    const response = await app.get('/calculators');
    const { calculators } = (await response.json()) as { calculators: Json[] };
    const egfr = calculators.find(({ id }) => id === 'ckd_epi_2021') as Json & { inputs: Json[] };
    expect(calculators.length).toBeGreaterThan(70);
    expect(egfr).toMatchObject({ unit: 'mL/min/{1.73_m2}', citation: expect.stringContaining('Inker') });
    expect(egfr.inputs).toContainEqual(
      expect.objectContaining({ name: 'creatinine_mg_dl', unit: 'mg/dL', fromChart: true }),
    );
  });
});

describe('from given inputs', () => {
  test('computes and echoes what it used', async () => {
    const result = await calculate('ckd_epi_2021', { inputs: { age_y: 30, sex: 'female', creatinine_mg_dl: 0.9 } });
    expect(result.value).toBeCloseTo(88.199, 3);
    expect(result.unit).toBe('mL/min/{1.73_m2}');
    expect(used(result, 'creatinine_mg_dl')).toEqual({ name: 'creatinine_mg_dl', value: 0.9, unit: 'mg/dL' });
    expect(result.patientId).toBeUndefined();
  });
  test('converts a unit that is stated', async () => {
    const inputs = { age_y: 30, sex: 'female', creatinine_mg_dl: { value: 79.56, unit: 'umol/L' } };
    expect((await calculate('ckd_epi_2021', { inputs })).value).toBeCloseTo(88.199, 2);
  });
  test('gives several results as named components', async () => {
    const result = await calculate('phq_9', { inputs: { items: [2, 2, 2, 2, 2, 2, 2, 2, 1] } });
    expect(result.components).toEqual({ score: 17, band: 'moderately severe', item9_positive: true });
  });
  test('refuses what is missing, out of range, in an unknown unit or misspelt, each by name', async () => {
    const given = { age_y: 30, sex: 'female' };
    expect(await refusal('ckd_epi_2021', { inputs: given })).toMatchObject({
      status: 422,
      inputs: ['creatinine_mg_dl'],
    });
    expect(await refusal('ckd_epi_2021', { inputs: { ...given, creatinine_mg_dl: 170 } })).toMatchObject({
      status: 422,
      inputs: ['creatinine_mg_dl'],
    });
    expect(
      await refusal('ckd_epi_2021', { inputs: { ...given, creatinine_mg_dl: { value: 1, unit: 'stone' } } }),
    ).toMatchObject({ status: 422, inputs: ['creatinine_mg_dl'] });
    expect(await refusal('ckd_epi_2021', { inputs: { ...given, creatinin: 1 } })).toMatchObject({
      status: 422,
      inputs: ['creatinin', 'creatinine_mg_dl'],
    });
  });
});

describe('bad requests', () => {
  test('an unknown calculator is 404', async () => {
    expect((await refusal('vibes', { inputs: {} })).status).toBe(404);
    expect((await refusal('__proto__', { inputs: {} })).status).toBe(404);
  });
  test.each([
    ['an empty body', {}],
    ['a list', []],
    ['inputs that are a list', { inputs: [1] }],
    ['a chart that names no patient', { context: {} }],
    ['a context that is a word', { context: 'p1', inputs: {} }],
  ])('%s is 400', async (_, body) => {
    expect((await refusal('ckd_epi_2021', body)).status).toBe(400);
  });
  test('text that is not JSON is 400, another type 415', async () => {
    expect((await refusal('ckd_epi_2021', '{')).status).toBe(400);
    const response = await app.post('/calculators/ckd_epi_2021', 'a=1', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(response.status).toBe(415);
  });
  test('a chart of another patient is refused', async () => {
    expect((await refusal('ckd_epi_2021', chart({ patient: patient({ id: 'p2' }) }))).status).toBe(400);
  });
});

describe('filled from a chart', () => {
  test('each input comes back with its reference, its date and the conversion made', async () => {
    const result = await calculate('ckd_epi_2021', chart({ labs: bundle(creatinine(79.56, 'umol/L')) }));
    expect(result.patientId).toBe('p1');
    expect(used(result, 'age_y')).toEqual({ name: 'age_y', value: 74, unit: 'a', reference: 'Patient/p1' });
    expect(used(result, 'sex')).toEqual({ name: 'sex', value: 'female', reference: 'Patient/p1' });
    expect(used(result, 'creatinine_mg_dl')).toMatchObject({
      value: expect.closeTo(0.9, 3),
      unit: 'mg/dL',
      given: { value: 79.56, unit: 'umol/L' },
      reference: 'Observation/lab-2160-0',
      when: '2026-11-22T07:40:00.000Z',
    });
  });

  test('the newest countable result is taken', async () => {
    const labs = bundle(
      creatinine(1.1, 'mg/dL', { id: 'old', effectiveDateTime: '2026-11-01T08:00:00Z' }),
      creatinine(9, 'mg/dL', { id: 'wrong', status: 'entered-in-error', effectiveDateTime: '2026-11-24T08:00:00Z' }),
      creatinine(1.4, 'mg/dL', { id: 'new', status: 'preliminary', effectiveDateTime: '2026-11-23T08:00:00Z' }),
    );
    const result = await calculate('ckd_epi_2021', chart({ labs }));
    expect(used(result, 'creatinine_mg_dl')).toMatchObject({ value: 1.4, reference: 'Observation/new' });
  });

  test('a given input wins over the chart, and the rest is filled', async () => {
    const body = { ...chart({ labs: bundle(creatinine(1.4, 'mg/dL')) }), inputs: { creatinine_mg_dl: 0.9 } };
    const result = await calculate('ckd_epi_2021', body);
    expect(used(result, 'creatinine_mg_dl')).toEqual({ name: 'creatinine_mg_dl', value: 0.9, unit: 'mg/dL' });
    expect(used(result, 'age_y')?.reference).toBe('Patient/p1');
  });

  test('problems count when active, earlier ones where the score says ever', async () => {
    const problems = bundle(
      problem('hf', '84114007', 'Heart failure'),
      problem('htn', '38341003', 'Hypertension', 'resolved'),
      problem('cva', '230690007', 'Stroke', 'resolved'),
    );
    const result = await calculate('cha2ds2_vasc', chart({ problems }));
    expect(used(result, 'chf')).toMatchObject({ value: true, reference: 'Condition/hf' });
    expect(used(result, 'hypertension')).toMatchObject({ value: false });
    expect(used(result, 'stroke_tia_te')).toMatchObject({ value: true, reference: 'Condition/cva' });
    // 65 to 74 and female one point each, heart failure one, stroke two.
    expect(result.value).toBe(5);
  });

  test('drugs, smoking status and blood pressure components fill PREVENT', async () => {
    const pressure = lab('85354-9', 0, '1', {
      id: 'bp',
      effectiveDateTime: '2026-11-20T08:00:00Z',
      valueQuantity: undefined,
      component: [
        { code: { coding: [{ code: '8480-6' }] }, valueQuantity: { value: 140, unit: 'mmHg', code: 'mm[Hg]' } },
        { code: { coding: [{ code: '8462-4' }] }, valueQuantity: { value: 80, unit: 'mmHg', code: 'mm[Hg]' } },
      ],
    });
    const body = chart({
      patient: patient({ gender: 'male', birthDate: '1971-03-01' }),
      medications: bundle(medication('m-statin', '617311', 'atorvastatin 40 MG Oral Tablet')),
      labs: bundle(lab('2093-3', 213, 'mg/dL'), lab('2085-9', 50, 'mg/dL'), lab('98979-8', 90, 'mL/min/{1.73_m2}')),
      vitals: bundle(pressure, vital('39156-5', 30, 'kg/m2')),
      surveys: bundle(
        said('72166-2', 'Former smoker', { coding: [{ system: 'http://snomed.info/sct', code: '8517006' }] }),
      ),
    });
    const result = await calculate('prevent_base_10y', body);
    expect(used(result, 'sbp')).toMatchObject({ value: 140, reference: 'Observation/bp' });
    expect(used(result, 'statin')).toMatchObject({ value: true, reference: 'MedicationRequest/m-statin' });
    expect(used(result, 'antihypertensive')).toMatchObject({ value: false });
    expect(used(result, 'smoker')).toMatchObject({ value: false, reference: 'Observation/said-72166-2' });
    const untreated = await calculate('prevent_base_10y', { ...body, inputs: { statin: 0 } });
    expect((untreated.components as Json).total_cvd).toBeCloseTo(5.7, 1);
    expect((untreated.components as Json).ascvd).toBeCloseTo(3.9, 1);
  });

  test.each([
    ['Current every day smoker', true],
    ['Never smoker', false],
    ['Ex-smoker', false],
  ])('"%s" answers whether the patient smokes: %s', async (text, value) => {
    const surveys = bundle(said('72166-2', text));
    const response = await app.post('/calculators/ascvd_pce_2013', {
      ...chart({ surveys }),
      inputs: { race: 'white' },
    });
    const { issue } = (await response.json()) as { issue: { expression: string[] }[] };
    expect(issue.flatMap(({ expression }) => expression)).not.toContain('smoker');
    const body = {
      ...chart({ surveys }),
      inputs: { race: 'white', tc_mg_dl: 200, hdl_mg_dl: 50, sbp: 120, treated: 0 },
    };
    expect(used(await calculate('ascvd_pce_2013', body), 'smoker')?.value).toBe(value);
  });

  test('smoking status unknown, or smoking absent from the problem list, is no answer', async () => {
    const inputs = { race: 'white', tc_mg_dl: 200, hdl_mg_dl: 50, sbp: 120, treated: 0 };
    const unknown = { ...chart({ surveys: bundle(said('72166-2', 'Unknown if ever smoked')) }), inputs };
    expect(await refusal('ascvd_pce_2013', unknown)).toMatchObject({ status: 422, inputs: ['smoker'] });
    expect(await refusal('ascvd_pce_2013', { ...chart({ problems: bundle() }), inputs })).toMatchObject({
      inputs: ['smoker'],
      issues: ['smoker: no smoking status on the chart'],
    });
    const listed = { ...chart({ problems: bundle(problem('s', '77176002', 'Smoker')) }), inputs };
    expect(used(await calculate('ascvd_pce_2013', listed), 'smoker')).toMatchObject({
      value: true,
      reference: 'Condition/s',
    });
  });

  test('an age turns into the answer a score asks for', async () => {
    const inputs = {
      cad_risk_factors_ge3: 1,
      known_cad: 1,
      angina_ge2_24h: 0,
      st_deviation: 0,
      markers: 0,
    };
    const result = await calculate('timi_ua_nstemi', { ...chart(), inputs });
    expect(used(result, 'age_ge65')).toMatchObject({ value: true, reference: 'Patient/p1' });
    expect(result.components).toMatchObject({ score: 3, risk_14d_pct: 13.2 });
  });
});

describe('what cannot be filled', () => {
  test('a stale result is refused by name, with its age', async () => {
    const labs = bundle(creatinine(1.1, 'mg/dL', { effectiveDateTime: '2026-05-01T08:00:00Z' }));
    const { status, issues, inputs } = await refusal('ckd_epi_2021', chart({ labs }));
    expect({ status, inputs }).toEqual({ status: 422, inputs: ['creatinine_mg_dl'] });
    expect(issues[0]).toContain('no serum creatinine in 90 days; the newest is 207 days old (Observation/lab-2160-0)');
  });
  test('a result dated in the future is refused, not skipped for an older one', async () => {
    const labs = bundle(
      creatinine(1.1, 'mg/dL'),
      creatinine(1.2, 'mg/dL', { id: 'tomorrow', effectiveDateTime: '2026-11-26T08:00:00Z' }),
    );
    const { status, issues } = await refusal('ckd_epi_2021', chart({ labs }));
    expect(status).toBe(422);
    expect(issues[0]).toContain('in the future (Observation/tomorrow)');
  });
  test.each([
    ['without a date', { effectiveDateTime: undefined }, 'has no date'],
    ['that is only a limit', { valueQuantity: { value: 0.2, comparator: '<', code: 'mg/dL' } }, 'reported as <0.2'],
    ['without a unit', { valueQuantity: { value: 1.1 } }, 'has no unit'],
    ['in a unit nobody knows', { valueQuantity: { value: 1.1, code: 'furlong' } }, 'unit "furlong"'],
    ['that is not plausible', { valueQuantity: { value: 170, code: 'mg/dL' } }, 'is above 40'],
  ])('a result %s is refused by name', async (_, given, reason) => {
    const { status, issues, inputs } = await refusal(
      'ckd_epi_2021',
      chart({ labs: bundle(creatinine(1, '1', given)) }),
    );
    expect({ status, inputs }).toEqual({ status: 422, inputs: ['creatinine_mg_dl'] });
    expect(issues[0]).toContain(reason);
  });
  test('a sex that is neither female nor male is not guessed', async () => {
    const body = chart({ patient: patient({ gender: 'other' }), labs: bundle(creatinine(1.1, 'mg/dL')) });
    expect(await refusal('ckd_epi_2021', body)).toMatchObject({
      status: 422,
      issues: ['sex: sex recorded as other'],
    });
  });
  test('a list that could not be had leaves its inputs out with the reason', async () => {
    const { prefetch, ...rest } = chart() as { prefetch: Json };
    const { problems: _, ...without } = prefetch;
    const { status, issues, inputs } = await refusal('cha2ds2_vasc', { ...rest, prefetch: without });
    expect(status).toBe(422);
    expect(inputs).toEqual(['chf', 'hypertension', 'diabetes', 'stroke_tia_te', 'vascular']);
    expect(issues[0]).toMatch(/^chf: problems could not be read/);
  });
  test('a default does not stand in for a list that could not be had', async () => {
    const { prefetch, ...rest } = chart({ vitals: bundle(vital('29463-7', 80, 'kg')) }) as { prefetch: Json };
    const { medications: _, ...without } = prefetch;
    const inputs = { hypoglycemia_24h: 0, glucose_mg_dl: 180, has_basal: 0 };
    expect(await refusal('insulin_basal_start_t2d', { ...rest, prefetch: without, inputs })).toMatchObject({
      status: 422,
      inputs: ['steroid_course'],
    });
  });
  test('a calculator does without an optional input, and says which and why', async () => {
    const labs = bundle(lab('98979-8', 40, 'mL/min/{1.73_m2}'));
    const result = await calculate('kdigo_ckd', chart({ labs }));
    expect(result.band).toBe('G3b');
    expect(result.notFilled).toEqual({ acr_mg_g: 'no urine albumin to creatinine ratio on the chart' });
  });
});

describe('scores of the moment', () => {
  const vitals = (respirationAt: string) =>
    bundle(
      vital('9279-1', 22, '/min', respirationAt),
      vital('59408-5', 95, '%'),
      vital('8310-5', 100.76, '[degF]'),
      vital('8480-6', 105, 'mm[Hg]'),
      vital('8867-4', 112, '{beats}/min'),
      vital('3151-8', 0, 'L/min'),
      said('67775-7', 'Alert'),
    );

  test('NEWS2 from one set of vital signs, oxygen flow and words for consciousness', async () => {
    const result = await calculate('news2', chart({ vitals: vitals('2026-11-24T08:40:00Z') }));
    expect(result.value).toBe(7);
    expect(used(result, 'consciousness')).toMatchObject({ value: 'A', reference: 'Observation/said-67775-7' });
    expect(used(result, 'supplemental_o2')).toMatchObject({ value: false, reference: 'Observation/vital-3151-8' });
    expect(result.warnings).toEqual([]);
  });
  test('says so when the set was not taken at one time', async () => {
    const result = await calculate('news2', chart({ vitals: vitals('2026-11-23T22:40:00Z') }));
    expect(result.warnings).toEqual([expect.stringMatching(/^Taken 10 hours apart: rr 2026-11-23 22:40/)]);
  });
  test('a vital sign of the day before is stale', async () => {
    const { status, inputs, issues } = await refusal('news2', chart({ vitals: vitals('2026-11-22T08:40:00Z') }));
    expect({ status, inputs }).toEqual({ status: 422, inputs: ['rr'] });
    expect(issues[0]).toContain('no respiratory rate in 24 hours; the newest is 2 days old');
  });
  test.each([
    ['Responds to voice', 'V'],
    ['Alert but newly confused', 'C'],
    ['Unresponsive', 'U'],
    ['Mentally alert', 'A'],
  ])('"%s" is read as %s', async (text, level) => {
    const body = { ...chart({ vitals: bundle(said('67775-7', text)) }) };
    const inputs = { rr: 18, spo2: 97, supplemental_o2: 0, temp_c: 37, sbp: 120, hr: 80 };
    expect(used(await calculate('news2', { ...body, inputs }), 'consciousness')?.value).toBe(level);
  });
});
