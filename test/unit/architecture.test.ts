import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

/** Our own imports of a file, as paths from the root; packages keep their name. */
function importsOf(path: string): Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'/gms)].map(([, type, to]) => ({
    from: path,
    to: to!.startsWith('.') ? relative(root, resolve(root, dirname(path), to!)) : to!,
    isType: Boolean(type),
  }));
}

const all = [...sources('src'), ...sources('hooks'), ...sources('smart-app')];
const imports = all.flatMap(importsOf);
const areaOf = (path: string): string => /^src\/([^/]+)\//.exec(path)?.[1] ?? path;
const leavingFrom = (area: string) =>
  imports.filter(({ from, to }) => areaOf(from) === area && to.startsWith('src/') && areaOf(to) !== area);

describe('imports point one way', () => {
  it.each(['calculators', 'terminology'])('%s imports nothing of ours but unknown', (area) => {
    expect(
      leavingFrom(area)
        .filter(({ to }) => to !== 'src/unknown.ts')
        .map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it('unknown and settings import nothing of ours', () => {
    expect(
      imports
        .filter(({ from, to }) => (from === 'src/unknown.ts' || from === 'src/settings.ts') && to.startsWith('src/'))
        .map(({ to }) => to),
    ).toEqual([]);
  });

  it('the chart knows nothing of guards, consult or cards', () => {
    expect(
      leavingFrom('chart')
        .filter(({ to }) => /^src\/(guards|facts|consult|cards|service)/.test(to))
        .map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it('facts know nothing of guards, consult or cards', () => {
    expect(
      leavingFrom('facts')
        .filter(({ to }) => /^src\/(guards|consult|cards|service)/.test(to))
        .map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it('guards know nothing of the consult or the cards', () => {
    expect(
      leavingFrom('guards')
        .filter(({ to }) => /^src\/(consult|cards|service)/.test(to))
        .map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it('hooks import only the service', () => {
    expect(
      imports
        .filter(({ from, to }) => from.startsWith('hooks/') && !to.startsWith('hooks/') && to !== 'src/service.ts')
        .map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it('the pages import nothing of the engine but types of the contract', () => {
    const engine = imports.filter(({ from, to }) => from.startsWith('smart-app/') && to.startsWith('src/'));
    expect(
      engine
        .filter(({ to, isType }) => !to.startsWith('src/cds-hooks/') || !isType)
        .map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it('only node.ts and worker.ts wire hooks and the rules bundle', () => {
    const wiring = imports.filter(
      ({ from, to }) => from.startsWith('src/') && (to.startsWith('hooks/') || to.startsWith('dist/')),
    );
    expect([...new Set(wiring.map(({ from }) => from))].sort()).toEqual(['src/node.ts', 'src/worker.ts']);
  });
});

describe('platform globals stay at the edge', () => {
  const edge =
    /^src\/(node(-server|-addresses)?|worker|worker-ledger)\.ts$|^src\/tools\/|^src\/record\/sqlite(-thread)?\.ts$/;
  const engine = all.filter((path) => path.startsWith('src/') && !edge.test(path));

  it('nothing else imports a Node module', () => {
    expect(
      imports
        .filter(({ from, to }) => engine.includes(from) && to.startsWith('node:'))
        .map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });

  it.each([
    ['process', /\bprocess\.(env|argv|cwd|exit)/],
    ['the wall clock', /\bDate\.now\(|new Date\(\)/],
    ['randomness', /\bMath\.random\(|crypto\.(randomUUID|getRandomValues)\(/],
    ['the global fetch', /(?<![.\w])fetch\((?!request|path)/],
  ])('nothing else touches %s', (_, pattern) => {
    const found = engine.filter((path) =>
      pattern.test(readFileSync(join(root, path), 'utf8').replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '')),
    );
    expect(found).toEqual([]);
  });
});
