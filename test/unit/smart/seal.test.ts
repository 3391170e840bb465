import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodePlatform } from '../../../src/node.ts';
import { readSettings } from '../../../src/settings.ts';
import { createSeal } from '../../../src/smart/seal.ts';
import { fixedPlatform as bare, memorySql, now } from './fakes.ts';

const later = new Date(now.getTime() + 60_000);
const { encrypt } = nodePlatform(readSettings({ DATA_DIR: ':memory:' })).platform;

// Sealed by jose where there is only WebCrypto, on the spot where the platform can: the same texts to whoever opens them.
describe.each([
  ['by jose', bare],
  ['by the platform', (changes: Parameters<typeof bare>[0] = {}) => bare({ encrypt, ...changes })],
])('%s', (_, fixedPlatform) => {
  describe('sealing', () => {
    it('opens what it sealed, as the same kind only', async () => {
      const seal = createSeal(fixedPlatform());
      const sealed = await seal.seal('session', { patient: 'p1' }, later);
      expect(await seal.open('session', sealed)).toEqual({ patient: 'p1' });
      expect(await seal.open('state', sealed)).toBeUndefined();
      expect(await seal.openAppContext(sealed)).toBeUndefined();
    });

    it('forgets after the time given', async () => {
      const platform = fixedPlatform();
      const sealed = await createSeal(platform).seal('session', {}, later);
      const tomorrow = { ...platform, now: () => new Date(now.getTime() + 86_400_000) };
      expect(await createSeal(tomorrow).open('session', sealed)).toBeUndefined();
    });

    it('keeps old sessions alive when a new key is put in front, and ends them when the old key goes', async () => {
      const withKeys = (keys: string) => createSeal(fixedPlatform({ env: { SESSION_KEYS: keys } }));
      const sealed = await withKeys('old').seal('session', { a: 1 }, later);
      expect(await withKeys('new, old').open('session', sealed)).toEqual({ a: 1 });
      expect(await withKeys('new').open('session', sealed)).toBeUndefined();
      expect(
        await withKeys('old').open('session', await withKeys('new,old').seal('session', {}, later)),
      ).toBeUndefined();
    });

    it('makes one key for all instances that share a database', async () => {
      const sql = memorySql();
      const [one, two] = [createSeal(fixedPlatform({ sql })), createSeal(fixedPlatform({ sql }))];
      const [a, b] = await Promise.all([one.seal('state', { n: 1 }, later), two.seal('state', { n: 2 }, later)]);
      expect(await two.open('state', a)).toEqual({ n: 1 });
      expect(await one.open('state', b)).toEqual({ n: 2 });
    });

    it('opens nothing that was changed by a single character', async () => {
      const seal = createSeal(fixedPlatform());
      const sealed = await seal.seal('session', { patient: 'p1' }, later);
      await fc.assert(
        fc.asyncProperty(fc.nat(sealed.length - 2), fc.constantFrom('A', 'b', '7', '.', '-'), async (at, sign) => {
          // The last character of a base64url part may hold unused bits, so the very same bytes can be spelt two ways.
          const end = sealed[at + 1] === '.';
          const changed = sealed.slice(0, at) + sign + sealed.slice(at + 1);
          if (changed !== sealed && !end) expect(await seal.open('session', changed)).toBeUndefined();
        }),
        { numRuns: 60 },
      );
      for (const junk of ['', 'a.b.c', '....', 'null', sealed.slice(0, -3)])
        expect(await seal.open('session', junk)).toBeUndefined();
    });
  });

  describe('appContext', () => {
    const draft = (text: string) => ({
      resourceType: 'MedicationRequest',
      id: 'd1',
      status: 'draft',
      intent: 'order',
      note: [{ text: 'said to the nurse' }],
      medicationCodeableConcept: { text },
      subject: { reference: 'Patient/p1' },
    });

    it('carries the coded drafts and leaves the notes behind', async () => {
      const seal = createSeal(fixedPlatform());
      const sealed = await seal.sealAppContext({
        hook: 'order-select',
        card: 'c1',
        patientId: 'p1',
        drafts: [draft('TMP-SMX DS')],
      });
      const { note, ...coded } = draft('TMP-SMX DS');
      expect(await seal.openAppContext(sealed)).toEqual({
        hook: 'order-select',
        card: 'c1',
        patientId: 'p1',
        drafts: [coded],
      });
      expect(sealed.length).toBeLessThan(1000);
    });

    it('stays under 1 kB whatever the drafts hold, and says when some are missing', async () => {
      const seal = createSeal(fixedPlatform());
      const long =
        Array.from({ length: 400 }, (_, at) => String.fromCharCode(97 + ((at * 7919) % 26))).join('') +
        Math.PI.toString(36).repeat(20);
      const drafts = Array.from({ length: 12 }, (_, at) =>
        draft(`${crypto.randomUUID()}${crypto.randomUUID()} ${long}${at}`),
      );
      const sealed = await seal.sealAppContext({ hook: 'order-sign', drafts });
      const opened = await seal.openAppContext(sealed);
      expect(sealed.length).toBeLessThan(1000);
      expect(opened?.isPartial).toBe(true);
      expect(opened!.drafts!.length).toBeGreaterThan(0);
    });

    it('is nothing when unreadable', async () => {
      expect(await createSeal(fixedPlatform()).openAppContext('{"card":"c1"}')).toBeUndefined();
    });

    it('uses no nonce twice', async () => {
      const seal = createSeal(fixedPlatform());
      const sealed = await Promise.all(Array.from({ length: 600 }, () => seal.sealAppContext({ hook: 'order-sign' })));
      expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(600);
    });

    it('stays under 1 kB at every length of an order', async () => {
      const seal = createSeal(fixedPlatform());
      for (let length = 300; length < 640; length += 7) {
        const context = {
          hook: 'order-sign',
          card: crypto.randomUUID(),
          patientId: 'p1',
          drafts: [draft('x'.repeat(length))],
        };
        const sealed = await seal.sealAppContext(context);
        expect(sealed.length).toBeLessThan(1000);
        expect((await seal.openAppContext(sealed))!.drafts![0]!.medicationCodeableConcept).toEqual({
          text: 'x'.repeat(length),
        });
      }
    });
  });
});
