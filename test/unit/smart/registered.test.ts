import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../../src/settings.ts';
import { readEhrs } from '../../../src/smart/registered.ts';
import { testApp } from '../../support/app.ts';
import { orderSign } from '../../support/requests.ts';

const ehr = { iss: 'https://ehr.example/fhir', clientId: 'curbside', frameAncestors: ['https://ehr.example'] };

describe('the setting SMART_EHRS', () => {
  it('registers an EHR for launches, and trusts its FHIR server', async () => {
    expect(readEhrs(JSON.stringify([ehr]))).toEqual([ehr]);
    const app = testApp({ env: { SMART_EHRS: JSON.stringify([ehr]) } });
    const trusted = await app.post('/cds-services/medication-safety', orderSign({ fhirServer: ehr.iss }));
    expect(trusted.status).toBe(200);
  });

  it.each([
    ['text', 'not JSON'],
    ['[{"iss": "not a url", "clientId": "x"}]', 'wrong at 0.iss'],
    ['[{"iss": "https://ehr.example/fhir"}]', 'wrong at 0.clientId'],
    ['[{"iss": "https://ehr.example/fhir", "clientId": "x", "secret": "y"}]', 'wrong at 0'],
  ])('says what is wrong with %s', (setting, message) => {
    expect(() => readEhrs(setting)).toThrow(SettingsError);
    expect(() => readEhrs(setting)).toThrow(message);
  });

  it('registers nobody when it is not set', () => {
    expect(readEhrs(undefined)).toEqual([]);
  });
});
