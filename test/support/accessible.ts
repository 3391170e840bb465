// Is a page accessible, and does it fit? axe-core over the page as it stands, and the width of what is in it.
import type { AxeResults } from 'axe-core';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

export type Look = readonly [theme: 'light' | 'dark', width: number];

/**
 * The looks at which axe runs: the narrow page in light and the wide one in dark, which holds every breakpoint's extreme
 * and both palettes. AXE=all, for a release, takes both themes at every width given.
 */
export const looks = (widths: readonly number[]): Look[] =>
  process.env.AXE === 'all'
    ? widths.flatMap((width): Look[] => [
        ['light', width],
        ['dark', width],
      ])
    : [
        ['light', widths[0]!],
        ['dark', widths.at(-1)!],
      ];

/** One line for every place that breaks a rule of WCAG 2.2 AA or a best practice; `within` is axe's own context. */
export async function violations(page: Page, within?: { include: string[][]; exclude: string[][] }): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const results = await page.evaluate(async (context): Promise<AxeResults> => {
    const { run } = (globalThis as unknown as { axe: { run(within: unknown, options: object): Promise<AxeResults> } })
      .axe;
    return await run(context ?? document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    });
  }, within);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`,
    ),
  );
}
