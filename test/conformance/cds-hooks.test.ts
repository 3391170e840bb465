import { describe, expect, it } from 'vitest';
import { publicUrl, testApp } from '../support/app.ts';
import { clauses, type Target } from './clauses.ts';
import { moreClauses } from './more-clauses.ts';
import { smartClauses } from './smart-clauses.ts';

const sandboxUrl = 'http://localhost:8787';
const { app } = testApp({ sandboxUrl });
const targetAt = (base: string): Target => ({
  fetch: async (path, init) => app.fetch(new Request(`${base}${path}`, init)),
});

describe.each([
  ['CDS Hooks 2.0.1, ready for 3.0', [...clauses, ...moreClauses], targetAt(publicUrl)],
  ['SMART App Launch 2.2, discovery of the sandbox', smartClauses, targetAt(`${sandboxUrl}/fhir/R4`)],
])('%s', (_, list, target) => {
  it.each(list.map((clause) => [`${clause.level} ${clause.id}`, clause.text, clause] as const))(
    '%s: %s',
    async (_name, _text, clause) => {
      expect(await clause.check(target)).toBeUndefined();
    },
  );
});
