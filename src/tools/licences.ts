// What we ship and under which licence: every package that production needs, from the lock file and what is installed. Ends with 1
// when one of them is not on the list of permissive licences, or is not pinned by its hash.   npm run licences [-- --json]
import { existsSync, readFileSync } from 'node:fs';

export interface Shipped {
  name: string;
  version: string;
  /** SPDX, as the package says; undefined where the package is not installed (the Node of another operating system). */
  licence?: string;
  isAllowed: boolean;
  isPinned: boolean;
}

interface Locked {
  version: string;
  dev?: boolean;
  optional?: boolean;
  integrity?: string;
}

const root = new URL('../../', import.meta.url);
const permissive = new Set([
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

/** One licence of a choice is enough; of a sum each must be permissive. */
export const isPermissive = (licence: string): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((one) => one.split(/ AND /).every((part) => permissive.has(part.trim())));

export function shippedPackages(): Shipped[] {
  const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version, optional, integrity }]) => {
      const licence = licenceOf(path);
      return {
        name: path.replace(/^.*node_modules\//, ''),
        version,
        ...(licence !== undefined && { licence }),
        isAllowed: licence === undefined ? optional === true : isPermissive(licence),
        isPinned: integrity !== undefined,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function licenceOf(path: string): string | undefined {
  const file = new URL(`${path}/package.json`, root);
  if (!existsSync(file)) return undefined;
  const { license, licenses } = JSON.parse(readFileSync(file, 'utf8')) as {
    license?: string | { type: string };
    licenses?: { type: string }[];
  };
  return typeof license === 'string' ? license : (license?.type ?? licenses?.map(({ type }) => type).join(' OR '));
}

if (import.meta.main) {
  const shipped = shippedPackages();
  const wrong = shipped.filter(({ isAllowed, isPinned }) => !isAllowed || !isPinned);
  if (process.argv.includes('--json')) console.log(JSON.stringify(shipped, null, 2));
  else {
    for (const { name, version, licence } of shipped)
      console.log(`${`${name} ${version}`.padEnd(44)} ${licence ?? 'not installed here'}`);
    console.log(
      `${shipped.length} packages are shipped; ${wrong.length} of them have no permissive licence or no hash.`,
    );
  }
  for (const { name, licence, isPinned } of wrong)
    console.error(`${name}: ${isPinned ? (licence ?? 'no licence') : 'no hash'}`);
  process.exit(wrong.length === 0 ? 0 : 1);
}
