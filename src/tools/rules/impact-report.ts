// The figures of an impact run, as text for a terminal and as Markdown for a pull request.
import type { Change, Fired, RuleTally, Tally } from '../../console/impact.ts';

export interface ImpactReport extends Tally {
  against: string;
  cohort: string;
  ordersPerDay: number;
}

const per100 = (count: number, orders: number): number => (orders === 0 ? 0 : (count * 100) / orders);
const figure = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const signed = (value: number): string => `${value > 0 ? '+' : ''}${figure(value)}`;

export const changedRules = ({ rules }: Tally): [string, RuleTally][] =>
  Object.entries(rules)
    .filter(([, counted]) => counted.new + counted.gone + counted.tier + counted.showing > 0)
    .sort(([idA, a], [idB, b]) => b.new + b.gone + b.tier - (a.new + a.gone + a.tier) || idA.localeCompare(idB));

export function burden({ interruptive, orders, ordersPerDay }: ImpactReport) {
  const before = per100(interruptive.before, orders);
  const after = per100(interruptive.after, orders);
  return { before, after, perDayBefore: (before * ordersPerDay) / 100, perDayAfter: (after * ordersPerDay) / 100 };
}

const shownFired = (fired: Fired | undefined): string =>
  fired ? `${fired.tier} (${fired.indicator}${fired.showing === 'card' ? '' : `, ${fired.showing}`})` : 'nothing';
const byPatient = (a: Change, b: Change) =>
  a.rule.localeCompare(b.rule) || a.patient.localeCompare(b.patient) || a.deed.localeCompare(b.deed);
const sentence = (report: ImpactReport): string => {
  const { before, after, perDayBefore, perDayAfter } = burden(report);
  return `Interruptive cards per 100 orders: ${figure(before)} before, ${figure(after)} after (${signed(after - before)}). At ${report.ordersPerDay} orders a clinician-day: ${figure(perDayBefore)} → ${figure(perDayAfter)} a day.`;
};
const scope = ({ patients, orders, requests, refused, against, cohort }: ImpactReport): string =>
  `${patients} patients, ${orders} simulated orders, ${requests} hook requests${refused ? ` (${refused} refused for want of required data)` : ''}. Cohort: ${cohort}. Compared with ${against}.`;

export function asText(report: ImpactReport, most = 40): string {
  const rules = changedRules(report);
  const lines = [scope(report), sentence(report), ''];
  if (rules.length === 0) return [...lines, 'No patient of this cohort is alerted otherwise than before.'].join('\n');
  const width = Math.max(...rules.map(([id]) => id.length), 4);
  lines.push(`${'rule'.padEnd(width)}  before  after   new  gone  tier  shown otherwise  per 100 orders`);
  for (const [id, { before, after, new: fresh, gone, tier, showing }] of rules) {
    lines.push(
      `${id.padEnd(width)}  ${[before, after].map((count) => String(count).padStart(6)).join(' ')}  ${[fresh, gone, tier].map((count) => String(count).padStart(4)).join('  ')}  ${String(showing).padStart(15)}  ${figure(per100(before, report.orders))} → ${figure(per100(after, report.orders))}`,
    );
  }
  lines.push('');
  const changes = report.changes.toSorted(byPatient);
  for (const { rule, patient, deed, before, after } of changes.slice(0, most))
    lines.push(`  ${rule}: ${patient} ${deed}: ${shownFired(before)} → ${shownFired(after)}`);
  if (changes.length > most) lines.push(`  and ${changes.length - most} more (--json lists all)`);
  return lines.join('\n');
}

export function asMarkdown(report: ImpactReport, most = 200): string {
  const rules = changedRules(report);
  const cell = (text: string) => text.replaceAll('|', '\\|').replace(/[\r\n<>]/g, ' ');
  const lines = ['## Impact of these rule changes', '', sentence(report), '', `<sub>${scope(report)}</sub>`, ''];
  if (rules.length === 0)
    return [...lines, '**No patient of this cohort is alerted otherwise than before.**', ''].join('\n');
  lines.push(
    '| Rule | Fires before | after | Newly | No longer | Other tier | Shown otherwise | Per 100 orders |',
    '|---|--:|--:|--:|--:|--:|--:|---|',
  );
  for (const [id, { before, after, new: fresh, gone, tier, showing }] of rules)
    lines.push(
      `| \`${id}\` | ${before} | ${after} | ${fresh} | ${gone} | ${tier} | ${showing} | ${figure(per100(before, report.orders))} → ${figure(per100(after, report.orders))} |`,
    );
  const changes = report.changes.toSorted(byPatient);
  const kinds = [
    ['Newly fires', changes.filter(({ before }) => !before)],
    ['No longer fires', changes.filter(({ after }) => !after)],
    ['Other tier or shown otherwise', changes.filter(({ before, after }) => before && after)],
  ] as const;
  for (const [title, list] of kinds) {
    if (list.length === 0) continue;
    lines.push(
      '',
      `<details><summary>${title}: ${list.length} ${list.length === 1 ? 'case' : 'cases'}</summary>`,
      '',
      '| Rule | Patient | Deed | Before | After |',
      '|---|---|---|---|---|',
    );
    for (const { rule, patient, deed, before, after } of list.slice(0, most))
      lines.push(`| \`${rule}\` | ${cell(patient)} | ${cell(deed)} | ${shownFired(before)} | ${shownFired(after)} |`);
    if (list.length > most) lines.push('', `and ${list.length - most} more`);
    lines.push('', '</details>');
  }
  return [...lines, ''].join('\n');
}
