// What one EHR can do with a card changes its form, never what it says.
import { describe, expect, it } from 'vitest';
import { inDialect } from '../../../src/cards/dialect.ts';
import { readClients } from '../../../src/cds-hooks/client-auth.ts';
import type { Card } from '../../../src/cds-hooks/contract.ts';

const action = { type: 'create' as const, description: 'Add it', resource: { resourceType: 'ServiceRequest' } };
const suggestion = (uuid: string, actions: number) => ({
  label: `Suggestion ${uuid}`,
  uuid,
  actions: Array.from({ length: actions }, () => action),
});
const card = (given: Partial<Card> = {}): Card => ({
  uuid: 'c',
  summary: 'A danger',
  indicator: 'critical',
  source: { label: 'Curbside' },
  detail: 'One sentence that says why. Another that says what to do about it, at some length. A third.',
  suggestions: [suggestion('a', 1), suggestion('b', 2)],
  selectionBehavior: 'at-most-one',
  ...given,
});
const spoken = (dialect: object, given?: Partial<Card>) => inDialect([card(given)], dialect)[0]!;

describe('a dialect', () => {
  it('left out changes nothing', () => expect(inDialect([card()], undefined)).toEqual([card()]));
  it('of one action tells a suggestion of several in words, and never does half of it', () => {
    const { suggestions, detail } = spoken({ oneActionPerSuggestion: true });
    expect(suggestions?.map(({ uuid }) => uuid)).toEqual(['a']);
    expect(detail).toContain('Also possible, by hand: Suggestion b.');
  });
  it('leaves no selection behavior without suggestions', () => {
    const without = spoken(
      { oneActionPerSuggestion: true, selectionBehavior: 'any' },
      { suggestions: [suggestion('b', 2)] },
    );
    expect(without).not.toHaveProperty('suggestions');
    expect(without).not.toHaveProperty('selectionBehavior');
  });
  it('of any says any', () => expect(spoken({ selectionBehavior: 'any' }).selectionBehavior).toBe('any'));
  it('of short cards ends with a sentence', () =>
    expect(spoken({ cardLength: 90 }).detail).toBe(
      'One sentence that says why. Another that says what to do about it, at some length. …',
    ));
  it('of short cards ends with a word where no sentence fits', () => {
    const { detail } = spoken({ cardLength: 80 }, { detail: 'word '.repeat(60).trim() });
    expect(detail!.length).toBeLessThanOrEqual(80);
    expect(detail).toMatch(/word …$/);
  });
  it('is part of a client’s configuration, and a wrong one is named', () => {
    const client = (dialect: unknown) =>
      JSON.stringify([{ issuer: 'https://ehr.example', jwksUrl: 'https://ehr.example/jwks', dialect }]);
    expect(readClients(client({ cardLength: 500 }))[0]!.dialect).toEqual({ cardLength: 500 });
    expect(() => readClients(client({ cardLength: 5 }))).toThrow(
      '0.dialect.cardLength: must leave room for a sentence',
    );
  });
});
