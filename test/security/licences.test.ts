// What we ship may be shipped: every package that production needs has a licence of the list.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  dev?: boolean;
  optional?: boolean;
  integrity?: string;
}

const root = new URL('../../', import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
  packages: Record<string, Locked>;
};
const allowed = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
]);
const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);

const licenceOf = (path: string): string | undefined => {
  const file = new URL(`${path}/package.json`, root);
  if (!existsSync(file)) return undefined;
  const { license, licenses } = JSON.parse(readFileSync(file, 'utf8')) as {
    license?: string | { type: string };
    licenses?: { type: string }[];
  };
  return typeof license === 'string' ? license : (license?.type ?? licenses?.map(({ type }) => type).join(' OR '));
};

describe('the packages we ship', () => {
  it('have a licence of the allow-list', () => {
    const others = shipped.flatMap(([path, { optional }]) => {
      const licence = licenceOf(path);
      // The Node of another operating system is not installed here.
      if (licence === undefined) return optional ? [] : [`${path}: none`];
      return licence
        .replace(/[()]/g, '')
        .split(/ OR /)
        .some((one) => one.split(' AND ').every((part) => allowed.has(part.trim())))
        ? []
        : [`${path}: ${licence}`];
    });
    expect(others).toEqual([]);
  });

  it('are pinned by hash, and so is everything that builds and tests them', () => {
    expect(
      Object.entries(packages)
        .filter(([path, { integrity }]) => path !== '' && !integrity)
        .map(([path]) => path),
    ).toEqual([]);
  });
});
