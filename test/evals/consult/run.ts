// npm run eval                         the vignettes through POST /consult, then fairness and poison
//   -- --endpoint [live|honest|FILE]   with a model: of the settings, the honest stand-in, or a recording
//   -- --record FILE                   keeps a live endpoint's answers for later
//   -- --only score,fairness,poison    some of it
//   -- --cases 40 --json out.json      fewer cases; the figures as JSON
//   -- --lying 3000 [--from 0]         a lying model by seed instead; exits 1 on any violation
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readRounds } from './cases.ts';
import { isLive, openEndpoint } from './endpoint.ts';
import { fairness, neutral } from './fairness.ts';
import { lying } from './lying.ts';
import { poison } from './poison.ts';
import { score } from './score.ts';

// A bare --endpoint takes the best there is.
const args = process.argv
  .slice(2)
  .flatMap((arg, i, all) =>
    arg === '--endpoint' && (all[i + 1] === undefined || all[i + 1]!.startsWith('--'))
      ? [arg, isLive() ? 'live' : 'honest']
      : [arg],
  );
const { values } = parseArgs({
  args,
  options: {
    endpoint: { type: 'string' },
    record: { type: 'string' },
    only: { type: 'string', default: 'score,fairness,poison' },
    cases: { type: 'string' },
    json: { type: 'string' },
    lying: { type: 'string' },
    from: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '1200' },
  },
});
const most = values.cases ? Number(values.cases) : undefined;
const report: Record<string, unknown> = {};

if (values.lying) {
  const found = await lying(Number(values.lying), {
    most: most ?? 60,
    from: Number(values.from),
    maxSeconds: Number(values.seconds),
  });
  Object.assign(report, { lying: found });
  console.table(found.outcomes);
  console.table(found.withheldBy);
  for (const violation of found.violations.slice(0, 100)) console.log(`VIOLATION ${violation}`);
  console.log(
    `${found.seeds} answers in ${found.seconds} s${found.stoppedEarly ? ' (time was up)' : ''}: ${found.violations.length} violations, ${found.shown} sentences shown, slowest ${found.slowestMs} ms`,
  );
  if (found.violations.length > 0) process.exitCode = 1;
} else {
  const endpoint = await openEndpoint(values.endpoint ?? (isLive() ? 'live' : 'off'), values.record);
  const wants = (part: string): boolean => values.only.split(',').includes(part);
  if (wants('score')) {
    const scores = await score(most, endpoint);
    report.score = scores;
    const { knowledge, model, screen, milliseconds, misses } = scores;
    const { withheldBy, name, ...figures } = model ?? { withheldBy: {}, name: '' };
    console.table({ 'knowledge base': knowledge, ...(model && { [name]: figures }) });
    console.log(
      `Must-not-miss recall of the whole screen ${screen.mustNotMissRecall}; median ${milliseconds.median} ms, p95 ${milliseconds.p95} ms a case.`,
    );
    if (model) console.log(`Withheld by check: ${JSON.stringify(withheldBy)}`);
    for (const miss of misses) console.log(`  ${miss}`);
    console.log('\nVignettes written before they were run: what their first run gave (test/evals/vignettes/README.md)');
    console.table(Object.fromEntries(readRounds().map(({ round, firstRun }) => [`round ${round}`, firstRun])));
  }
  if (wants('fairness')) {
    const flips = await fairness(most ?? 60, endpoint);
    report.fairness = flips;
    console.log('\nFairness: share of pairs that flip');
    console.table(flips.map(({ flipped: _, ...rest }) => rest));
    for (const { swap, source, flipped } of flips)
      for (const one of flipped.slice(0, 5)) console.log(`  ${swap}, ${source}: ${one}`);
    if (
      flips.some(
        ({ swap, source, flipped }) =>
          source === 'knowledge' && (neutral as readonly string[]).includes(swap) && flipped.length > 0,
      )
    )
      process.exitCode = 1;
  }
  if (wants('poison')) {
    const uptakes = await poison(most ?? 40, endpoint);
    report.poison = uptakes;
    console.log('\nPoison: planted false facts and their uptake');
    console.table(uptakes.map(({ where: _, ...rest }) => rest));
    for (const { poison: name, isForbidden, where } of uptakes)
      if (isForbidden) for (const one of where.slice(0, 5)) console.log(`  ${name}: ${one}`);
    if (uptakes.some(({ isForbidden, takenUp }) => isForbidden && takenUp > 0)) process.exitCode = 1;
  }
  await endpoint?.close();
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
