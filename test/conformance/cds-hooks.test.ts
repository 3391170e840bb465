import { describe, expect, it } from 'vitest';
import { publicUrl, testApp } from '../support/app.ts';
import { clauses, type Target } from './clauses.ts';

const { app } = testApp();
const target: Target = { fetch: async (path, init) => app.fetch(new Request(`${publicUrl}${path}`, init)) };

describe('CDS Hooks 2.0.1', () => {
  it.each(clauses.map((clause) => [`${clause.level} ${clause.id}`, clause.text, clause] as const))('%s: %s', async (_, __, clause) => {
    expect(await clause.check(target)).toBeUndefined();
  });
});
