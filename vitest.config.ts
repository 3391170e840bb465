import { defineConfig } from 'vitest/config';

/** These start programs of their own, browsers among them, or set what a whole process has. */
const programs = ['test/{browser,runtimes,security,contract}/**/*.test.ts', 'test/conformance/started.test.ts'];

export default defineConfig({
  test: {
    // Browser and workerd tests start programs of their own.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two at a time also where there are but two cores: browser tests wait more than they work.
    maxWorkers: 2,
    reporters: process.env.VITEST_JSON ? ['default', ['json', { outputFile: process.env.VITEST_JSON }]] : ['default'],
    projects: [
      // Nothing here changes what a module holds, so a worker reads the rules and the modules once for all its files.
      {
        extends: true,
        test: { name: 'code', include: ['test/**/*.test.{ts,tsx}'], exclude: programs, isolate: false },
      },
      { extends: true, test: { name: 'programs', include: programs } },
    ],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
