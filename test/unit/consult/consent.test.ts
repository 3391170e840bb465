import type { Consent, Resource } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { readConsent } from '../../../src/consult/consent.ts';
import { unknown } from '../../../src/unknown.ts';
import { now } from './a-chart.ts';

const privacy = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] };
const consent = (provision: Consent['provision'], more: Partial<Consent> = {}): Resource =>
  ({
    resourceType: 'Consent',
    status: 'active',
    scope: privacy,
    category: [{ coding: [{ code: '59284-0' }] }],
    provision,
    ...more,
  }) as Resource;
const about = (text: string) => [{ text }];
const read = (...list: Resource[]) => {
  const { generative, notes, retention } = readConsent(list, now);
  return [generative ? 'generative' : '', notes ? 'notes' : '', retention ? 'retention' : ''].filter(Boolean).join(' ');
};

describe('a consent', () => {
  test.each([
    ['denies everything without bounds', 'all denied', consent({ type: 'deny' })],
    [
      'denies generative processing',
      'notes retention',
      consent({ type: 'deny', code: about('Generative AI processing') }),
    ],
    [
      'denies by a code',
      'notes retention',
      consent({
        type: 'deny',
        action: [{ coding: [{ system: 'https://example.org/processing', code: 'generative-processing' }] }],
      }),
    ],
    [
      'denies notes to a model',
      'generative retention',
      consent({ type: 'deny', code: about('Generative use of clinical notes') }),
    ],
    [
      'denies that answers are kept',
      'generative notes',
      consent({ type: 'deny', code: about('Retention of generated text') }),
    ],
    [
      'permits, but denies within',
      'notes retention',
      consent({ type: 'permit', provision: [{ type: 'deny', code: about('large language model') }] }),
    ],
    [
      'denies, but permits a model within',
      'generative',
      consent({ type: 'deny', provision: [{ type: 'permit', code: about('generative AI') }] }),
    ],
    ['denies research only', 'generative notes retention', consent({ type: 'deny', purpose: [{ code: 'HRESCH' }] })],
    ['permits', 'generative notes retention', consent({ type: 'permit' })],
    ['is no longer active', 'generative notes retention', consent({ type: 'deny' }, { status: 'inactive' })],
    ['is over', 'generative notes retention', consent({ type: 'deny', period: { end: '2026-10-13' } })],
    ['ends today', 'all denied', consent({ type: 'deny', period: { end: '2026-10-14' } })],
    ['is yet to come', 'generative notes retention', consent({ type: 'deny', period: { start: '2026-11-01' } })],
    [
      'is an advance directive',
      'generative notes retention',
      consent({ type: 'deny' }, { scope: { coding: [{ code: 'adr' }] }, category: [{ coding: [{ code: 'dnr' }] }] }),
    ],
  ])('that %s leaves: %s', (_, left, resource) => expect(read(resource)).toBe(left === 'all denied' ? '' : left));

  test('that denies weighs more than one that permits', () =>
    expect(read(consent({ type: 'permit' }), consent({ type: 'deny' }))).toBe(''));
  test('that could not be read is said to be unread', () =>
    expect(readConsent(unknown('the server did not answer'), now)).toMatchObject({
      generative: true,
      couldNotRead: 'consent: the server did not answer',
    }));
});
