// What the manifest of synthetic people claims is what the hooks answer, whatever the seed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compare } from '../../../src/tools/patients/against.ts';
import type { Json } from '../../../src/tools/patients/chart.ts';
import { type Making, makeForCondition, makeForRule, makeHealthy } from '../../../src/tools/patients/generate.ts';
import { guestsIn } from '../../../src/tools/patients/guests.ts';
import { type Entry, readPeople, writePeople } from '../../../src/tools/patients/manifest.ts';
import { readValueSets } from '../../../src/tools/rules/read-folder.ts';
import { readCases } from '../../../src/tools/rules/test-command.ts';
import { knowledge, now, testApp, testPlatform } from '../../support/app.ts';

const folder = new URL('../../../rules', import.meta.url).pathname;
const valueSets = readValueSets(folder);
const making = (seed: string, given: Partial<Making> = {}): Making => ({
  count: 1,
  seed,
  nearMisses: true,
  notes: 'template',
  terminology: knowledge().terminology,
  valueSets,
  now,
  ...given,
});
const forRule = (path: string, seed: string, given?: Partial<Making>) => {
  const rule = knowledge().ruleSet.rule(path.split('/').at(-1)!)!;
  const cases = readCases(join(folder, `${path}.json`));
  if (!Array.isArray(cases)) throw new Error(cases.wrong);
  return makeForRule(rule, cases, making(seed, given));
};
const app = testApp();
const send = async (path: string, body?: Json): Promise<unknown> => {
  const response = body ? await app.post(path, body) : await app.get(path);
  expect([path, response.status]).toEqual([path, 200]);
  const text = await response.text();
  return path === '/consult'
    ? text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    : JSON.parse(text);
};
const scratch = mkdtempSync(join(tmpdir(), 'curbside-patients-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const rules = [
  'diabetes/sglt2-benefit',
  'interactions/warfarin-nsaid',
  'perioperative/surgery-a1c-missing',
  'discharge/discharge-potassium',
  'deterioration/kidney-injury-stage',
];

describe('people for a rule', () => {
  it.each(rules.flatMap((path) => ['1', '2'].map((seed) => [path, seed])))(
    '%s, seed %s: the hooks answer what the manifest claims',
    async (path, seed) => {
      const { people } = await forRule(path!, seed!);
      expect(people.filter(({ entry }) => entry.kind === 'fires').length).toBeGreaterThan(0);
      const { asked, disagreements } = await compare(
        people.map(({ chart, entry }) => ({ entry, resources: chart.resources })),
        send,
        () => crypto.randomUUID(),
      );
      expect(disagreements).toEqual([]);
      expect(asked).toBe(people.length);
    },
  );

  it('has near misses that fail one criterion, and unknowns that lack one datum, in words', async () => {
    const { people } = await forRule('diabetes/sglt2-benefit', '1', { count: 3 });
    const of = (kind: Entry['kind']) => people.filter(({ entry }) => entry.kind === kind).map(({ entry }) => entry);
    expect(of('near-miss').length).toBeGreaterThan(1);
    expect(new Set(of('near-miss').map(({ because }) => because)).size).toBe(of('near-miss').length);
    for (const { because } of of('near-miss')) expect(because).toMatch(/ fails$/);
    for (const { because, gaps } of of('unknown')) {
      expect(because).toMatch(/ is unknown$/);
      expect(gaps).not.toEqual([]);
    }
  });

  it('says what it could not make', async () => {
    const { missing } = await forRule('interactions/warfarin-nsaid', '1');
    expect(missing.join()).toContain('warfarin-nsaid: 0 of 1 unknowns');
  });

  it('is the same for the same seed, and another for another', async () => {
    const [one, again, other] = await Promise.all(
      ['7', '7', '8'].map((seed) => forRule('diabetes/sglt2-benefit', seed)),
    );
    expect(again).toEqual(one);
    expect(other!.people.map(({ entry }) => entry.id)).not.toEqual(one!.people.map(({ entry }) => entry.id));
  });
});

describe('the charts', () => {
  it('are test data, with ids of their own and references to what is there', async () => {
    const made = [
      ...(await forRule('diabetes/sglt2-benefit', '1')).people,
      ...(await forRule('diabetes/sglt2-benefit', '2')).people,
    ];
    const out = join(scratch, 'charts');
    writePeople(out, made);
    const ids = new Set<string>();
    for (const name of readdirSync(out).filter((one) => one.endsWith('.json'))) {
      const bundle = JSON.parse(readFileSync(join(out, name), 'utf8')) as {
        type: string;
        entry: { fullUrl: string; resource: Json; request: Json }[];
      };
      expect(bundle.type).toBe('transaction');
      const held = new Set(bundle.entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
      expect(held.size).toBe(bundle.entry.length);
      for (const { fullUrl, resource, request } of bundle.entry) {
        const at = `${resource.resourceType}/${resource.id}`;
        expect(resource.meta).toEqual({ security: [expect.objectContaining({ code: 'HTEST' })] });
        expect(String(resource.id)).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
        expect([fullUrl.endsWith(`/${at}`), request]).toEqual([true, { method: 'PUT', url: at }]);
        expect(ids.has(at)).toBe(false);
        ids.add(at);
        for (const [, reference] of JSON.stringify(resource).matchAll(/"reference":"([^"]+)"/g))
          expect(held).toContain(reference);
      }
    }
    expect(readPeople(out)).toHaveLength(made.length);
    // Writing them again adds nobody.
    writePeople(out, made);
    expect(readPeople(out)).toHaveLength(made.length);
  });

  it('say in their notes that nobody is meant', async () => {
    const { people } = await forRule('diabetes/sglt2-benefit', '1');
    for (const { chart } of people) {
      const note = chart.resources.find(({ resourceType }) => resourceType === 'DocumentReference') as {
        content: { attachment: { data: string } }[];
      };
      expect(atob(note.content[0]!.attachment.data)).toMatch(/^SYNTHETIC: this person does not exist\./);
    }
  });
});

describe('people for a condition', () => {
  it('bring it among the first three, and near misses do not: as POST /consult answers', async () => {
    for (const id of ['pneumonia']) {
      const { people } = await makeForCondition(id, knowledge().differential, making('1'));
      const places = people.map(({ entry }) => [entry.kind, entry.place ?? 99] as const);
      expect(places.filter(([kind]) => kind === 'supports')).toHaveLength(1);
      for (const [kind, place] of places) expect(place <= 3).toBe(kind === 'supports');
      const { disagreements } = await compare(
        people.map(({ chart, entry }) => ({ entry, resources: chart.resources })),
        send,
        () => crypto.randomUUID(),
      );
      expect(disagreements).toEqual([]);
    }
  });

  it('says so when there is no such condition', async () => {
    expect(await makeForCondition('nothing', knowledge().differential, making('1'))).toEqual({
      people: [],
      missing: ['There is no condition "nothing".'],
    });
  });
});

it('stand in the list of the sandbox when it is started with their folder', async () => {
  const out = join(scratch, 'guests');
  writePeople(out, (await forRule('interactions/warfarin-nsaid', '2', { nearMisses: false })).people);
  const guests = guestsIn(out);
  const sandbox = testApp({ sandboxUrl: 'http://localhost:8787', sandboxGuests: guests });
  const at = (path: string, init?: RequestInit) => sandbox.app.fetch(new Request(`http://localhost:8787${path}`, init));
  const { stories } = (await (await at('/ehr/api/stories')).json()) as {
    stories: { patientId: string; name: string }[];
  };
  const { access_token } = (await (
    await at('/ehr/api/cds-token', {
      method: 'POST',
      headers: { origin: 'http://localhost:8787', 'content-type': 'application/json' },
      body: '{}',
    })
  ).json()) as { access_token: string };
  for (const { entry } of readPeople(out)) {
    expect(stories).toContainEqual(expect.objectContaining({ patientId: entry.id, name: entry.name }));
    const read = await at(`/fhir/R4/Patient/${entry.id}`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(await read.json()).toMatchObject({ id: entry.id, meta: { security: [{ code: 'HTEST' }] } });
  }
  // The order that is being written is the visitor's, not the record's.
  expect(
    guests.flatMap(({ build }) => build(now)).filter((one) => (one as { status?: string }).status === 'draft'),
  ).toEqual([]);
});

it('nothing speaks on the chart of a healthy adult', async () => {
  const { people } = await makeHealthy(knowledge().ruleSet.rules, making('1', { count: 8 }));
  const { disagreements, cards } = await compare(
    people.map(({ chart, entry }) => ({ entry, resources: chart.resources })),
    send,
    () => crypto.randomUUID(),
  );
  expect(disagreements).toEqual([]);
  expect(cards.filter(({ count }) => count > 0)).toEqual([]);
});

describe('notes by a model', () => {
  const saying = (note: string) => {
    const { platform } = testPlatform({ OPENAI_BASE_URL: 'http://notes.test/v1' });
    return {
      ...platform,
      fetch: async () =>
        Response.json({
          model: 'm',
          choices: [{ finish_reason: 'stop', message: { content: JSON.stringify({ note }) } }],
        }),
    };
  };
  const notesOf = async (note: string) => {
    const { people, missing } = await forRule('diabetes/sglt2-benefit', '1', {
      count: 1,
      nearMisses: false,
      notes: 'model',
      platform: saying(note),
    });
    const held = people[0]!.chart.resources.find(({ resourceType }) => resourceType === 'DocumentReference') as {
      content: { attachment: { data: string } }[];
    };
    return { text: atob(held.content[0]!.attachment.data), note: people[0]!.entry.note, missing };
  };

  it('are taken, under the notice', async () => {
    const { text, note } = await notesOf(
      'Seen for a routine review of type two diabetes. Feels well, no new complaint.',
    );
    expect(note).toBe('model');
    expect(text).toBe(
      'SYNTHETIC: this person does not exist.\nSeen for a routine review of type two diabetes. Feels well, no new complaint.',
    );
  });

  it('give way to the template when they name a drug that is not on the chart', async () => {
    const { text, note, missing } = await notesOf(
      'Seen for a routine review. Amiodarone was started last week by cardiology.',
    );
    expect(note).toBe('template');
    expect(text).not.toContain('Amiodarone');
    expect(missing.join()).toContain('a drug that is not on the chart');
  });
});
