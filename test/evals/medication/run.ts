// npm run eval:medication            every case, with each miss; exits 1 below 0.98, on a false Stop, or on a Stop without a way out
//   -- --only 'warfarin'             cases whose name says so, with every card
//   -- --charts 600 --seed 7         synthetic charts: errors, cards and interruptive cards per 100 orders
import { parseArgs } from 'node:util';
import { runCharts } from './charts.ts';
import { figuresOf, type Judged, judgeAll, ruleIdOf } from './judge.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    charts: { type: 'string' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
  },
});

if (values.charts) console.log((await runCharts(Number(values.charts), Number(values.seed), values.all)).text);
else {
  const judged = await judgeAll(values.only ? new RegExp(values.only, 'i') : undefined);
  const { sensitivity, specificity, positives, nearMisses, falseCriticals, misses, stuck } = figuresOf(judged);
  for (const miss of values.only || values.all ? judged : misses) console.log(told(miss));
  console.log(
    `${judged.length} cases: sensitivity ${sensitivity.toFixed(3)} of ${positives}, specificity ${specificity.toFixed(3)} of ${nearMisses}, false critical cards ${falseCriticals.length}`,
  );
  for (const one of stuck) console.log(`A Stop without a way out: ${one}`);
  if (sensitivity < 0.98 || specificity < 0.98 || falseCriticals.length + stuck.length > 0) process.exitCode = 1;
}

function told({ kind, given, cards, passed }: Judged): string {
  const seen = cards.map(
    (card) =>
      `    ${card.indicator} ${ruleIdOf(card)}: ${card.summary}${card.suggestions?.length ? ` → ${card.suggestions.map(({ label }) => label).join(' | ')}` : ''}`,
  );
  return [`${passed ? 'ok  ' : 'MISS'} ${kind}: ${given.name}  ${JSON.stringify(given.expect)}`, ...seen].join('\n');
}
