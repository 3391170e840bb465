import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Browser and workerd tests start programs of their own.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two at a time also where there are but two cores: browser tests wait more than they work.
    maxWorkers: 2,
    reporters: process.env.VITEST_JSON ? ['default', ['json', { outputFile: process.env.VITEST_JSON }]] : ['default'],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
