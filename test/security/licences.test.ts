// What we ship may be shipped: "npm run licences" lists it, and fails where this does.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPermissive, shippedPackages } from '../../src/tools/licences.ts';
import { shippedBom } from '../../src/tools/sbom.ts';

describe('the packages we ship', () => {
  it('have a permissive licence each', () => {
    const shipped = shippedPackages();
    expect(shipped.length).toBeGreaterThan(10);
    expect(shipped.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  });

  it('are in the SBOM, all that are installed and no other', () => {
    const named = ({ name, version }: { name: string; version: string }) => `${name}@${version}`;
    const installed = shippedPackages().filter(({ licence }) => licence !== undefined);
    expect(shippedBom().components.map(named).sort()).toEqual(installed.map(named).sort());
  });

  it('are pinned by hash, and so is everything that builds and tests them', () => {
    const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
      packages: Record<string, { integrity?: string }>;
    };
    expect(
      Object.entries(packages)
        .filter(([path, { integrity }]) => path !== '' && !integrity)
        .map(([path]) => path),
    ).toEqual([]);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['Apache-2.0 AND MIT', true],
    ['MIT AND GPL-3.0-only', false],
    ['AGPL-3.0-only', false],
    ['SEE LICENSE IN LICENSE', false],
    ['', false],
  ])('"%s" is permissive: %s', (licence, is) => {
    expect(isPermissive(licence)).toBe(is);
  });
});
