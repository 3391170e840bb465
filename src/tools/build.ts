// Builds what both platforms serve: dist/knowledge.json from rules/, and the pages in dist/app.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { checkFiles } from './rules/check-files.ts';
import { loadTerminology } from './rules/load.ts';
import { readKnowledge, ruleFiles } from './rules/read-folder.ts';
import { checkTrials, selectTrials } from './rules/trials.ts';

const pages = ['panel', 'ehr', 'gallery', 'console'].filter((page) =>
  existsSync(join('smart-app', page, 'index.html')),
);

mkdirSync('dist', { recursive: true });

const terminology = loadTerminology('rules');
const problems = [
  ...checkFiles(ruleFiles('rules'), terminology, new Date()).problems,
  ...checkTrials(selectTrials('rules', []), { terminology, valueSets: [] }, new Date()).problems,
];
const errors = problems.filter(({ level }) => level === 'error');
for (const { path, line, message } of errors.slice(0, 20)) console.error(`${path}:${line}  ${message}`);
if (errors.length) {
  console.error(`${errors.length} errors in rule files: mend them, or run "npm run rules check" for all of them.`);
  process.exit(1);
}
writeFileSync('dist/knowledge.json', JSON.stringify(readKnowledge('rules')));

// The pages are built again only when one of their files changed: starting stays quick.
const stamp = fingerprint(['smart-app', 'src/cds-hooks/contract.ts', 'package-lock.json', 'src/tools/build.ts']);
const stampFile = 'dist/app.stamp';
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  for (const page of pages) {
    await build({
      configFile: false,
      root: join('smart-app', page),
      base: './',
      logLevel: 'warn',
      oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
      build: {
        outDir: join(process.cwd(), 'dist/app', page),
        emptyOutDir: true,
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
      },
    });
  }
  writeFileSync(stampFile, stamp);
}

function fingerprint(paths: string[]): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(path).update(readFileSync(path));
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}
