// What was stopped a short while ago is still at work.
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { bundle, orderSign } from '../support/requests.ts';

type Json = Record<string, unknown>;
const subject = { reference: 'Patient/p1' };
const order = (id: string, status: string, text: string, more: Json = {}) => ({
  resourceType: 'MedicationRequest',
  id,
  status,
  intent: 'order',
  subject,
  medicationCodeableConcept: { text },
  ...more,
});
const ended = (date: string): Json => ({
  dosageInstruction: [{ timing: { repeat: { boundsPeriod: { start: '2026-01-01', end: date } } } }],
});
const statement = (text: string, period: Json) => ({
  resourceType: 'MedicationStatement',
  id: 'st1',
  status: 'completed',
  subject,
  medicationCodeableConcept: { text },
  effectivePeriod: period,
});

async function sign(drug: string, prefetch: Json) {
  const request = orderSign({ draftOrders: [order('d1', 'draft', drug)] }) as Json & { prefetch: Json };
  request.prefetch = { ...request.prefetch, ...prefetch };
  for (const [key, value] of Object.entries(request.prefetch)) if (value === undefined) delete request.prefetch[key];
  const answer = await testApp().post('/cds-services/medication-safety', request);
  expect(answer.status).toBe(200);
  const { cards, extension } = (await answer.json()) as {
    cards: { indicator: string; summary: string }[];
    extension: Record<string, { couldNotCheck: string[] }>;
  };
  return {
    cards: cards.map(({ indicator, summary }) => `${indicator} ${summary}`).join('\n'),
    couldNotCheck: Object.values(extension)[0]!.couldNotCheck.join('\n'),
  };
}

describe('an antidepressant after an MAO inhibitor (14 days), one after fluoxetine (5 weeks), ARNI after an ACE inhibitor (36 h)', () => {
  test.each<[string, string, Json]>([
    [
      'an order that ended ten days ago',
      'sertraline 50 mg tablet',
      { pastMedications: bundle(order('p1', 'completed', 'phenelzine 15 mg tablet', ended('2026-11-14'))) },
    ],
    [
      'an order that was stopped ten days ago, by the date of the record',
      'sertraline 50 mg tablet',
      {
        pastMedications: bundle(
          order('p1', 'stopped', 'phenelzine 15 mg tablet', {
            authoredOn: '2026-01-01',
            meta: { lastUpdated: '2026-11-14T08:00:00Z' },
          }),
        ),
      },
    ],
    [
      'a statement that ended ten days ago',
      'sertraline 50 mg tablet',
      { statements: bundle(statement('Nardil', { start: '2025-01-01', end: '2026-11-14' })) },
    ],
    [
      'fluoxetine that ended four weeks ago',
      'phenelzine 15 mg tablet',
      { pastMedications: bundle(order('p1', 'completed', 'fluoxetine 20 mg capsule', ended('2026-10-27'))) },
    ],
    [
      'an ACE inhibitor whose last dose was yesterday',
      'sacubitril-valsartan 24-26 mg tablet',
      { pastMedications: bundle(order('p1', 'stopped', 'lisinopril 10 mg tablet', ended('2026-11-23T20:00:00Z'))) },
    ],
    [
      'an MAO inhibitor on hold',
      'sertraline 50 mg tablet',
      { medications: bundle(order('m1', 'on-hold', 'phenelzine 15 mg tablet', { authoredOn: '2026-01-01' })) },
    ],
  ])('counts %s', async (_, drug, prefetch) => {
    expect((await sign(drug, prefetch)).cards).toMatch(/^critical .*(phenelzine|fluoxetine|lisinopril)/im);
  });

  test.each<[string, string, Json]>([
    [
      'an MAO inhibitor that ended three weeks ago',
      'sertraline 50 mg tablet',
      { pastMedications: bundle(order('p1', 'completed', 'phenelzine 15 mg tablet', ended('2026-11-02'))) },
    ],
    [
      'fluoxetine that ended six weeks ago',
      'phenelzine 15 mg tablet',
      { pastMedications: bundle(order('p1', 'completed', 'fluoxetine 20 mg capsule', ended('2026-10-12'))) },
    ],
    [
      'an ACE inhibitor whose last dose was three days ago',
      'sacubitril-valsartan 24-26 mg tablet',
      { pastMedications: bundle(order('p1', 'stopped', 'lisinopril 10 mg tablet', ended('2026-11-21T08:00:00Z'))) },
    ],
    [
      'a prescription of two years ago that has ended',
      'sertraline 50 mg tablet',
      { pastMedications: bundle(order('p1', 'completed', 'phenelzine 15 mg tablet', { authoredOn: '2024-11-01' })) },
    ],
  ])('lets %s be over', async (_, drug, prefetch) => {
    const { cards, couldNotCheck } = await sign(drug, prefetch);
    expect(cards).not.toMatch(/phenelzine with|with phenelzine|fluoxetine|lisinopril/i);
    expect(couldNotCheck).not.toMatch(/was stopped/);
  });

  test('says that it could not tell where the end is not on the chart, and raises no card', async () => {
    const { cards, couldNotCheck } = await sign('sertraline 50 mg tablet', {
      pastMedications: bundle(order('p1', 'completed', 'phenelzine 15 mg tablet', { authoredOn: '2026-06-01' })),
    });
    expect(cards).not.toMatch(/phenelzine/i);
    expect(couldNotCheck).toMatch(/when phenelzine was stopped is not on the chart/i);
  });

  test('names a history that could not be had once, and raises no card', async () => {
    const { cards, couldNotCheck } = await sign('sertraline 50 mg tablet', { pastMedications: undefined });
    expect(cards).not.toMatch(/critical/);
    expect(couldNotCheck.match(/past medications could not be read/gi)).toHaveLength(1);
  });
});
