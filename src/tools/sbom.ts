// The SBOM of what we ship (CycloneDX). "npm sbom --omit dev" alone leaves out what production needs where something for development
// needs it as well; so all is asked for, and what is not shipped is taken out.   npm run sbom
import { execFileSync } from 'node:child_process';
import { shippedPackages } from './licences.ts';

interface Bom {
  components: { name: string; group?: string; version: string; 'bom-ref': string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
  metadata: { component: { 'bom-ref': string } };
}

export function shippedBom(): Bom {
  const asked = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    // npm is a script there.
    shell: process.platform === 'win32',
  });
  const bom = JSON.parse(asked) as Bom;
  const shipped = new Set(shippedPackages().map(({ name, version }) => `${name}@${version}`));
  const components = bom.components.filter(({ name, version }) => shipped.has(`${name}@${version}`));
  const refs = new Set([bom.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  return {
    ...bom,
    components,
    dependencies: bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  };
}

if (import.meta.main) console.log(JSON.stringify(shippedBom(), null, 2));
