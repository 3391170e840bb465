// npm run bench: deciding one order-sign as the rule base grows, beside a floor measured in the same run. Ratios travel,
// absolutes do not.
import { type ChildProcess, fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { type Load, load } from './load.ts';
import { benchBody } from './request.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, rules: { type: 'string', default: '100,1000,10000,100000' } },
});
const milliseconds = Number(values.seconds) * 1000;
const sizes = values.rules.split(',').map(Number);

async function serverOf(...args: string[]): Promise<{ port: number; child: ChildProcess }> {
  // As `npm start` runs it, the floor too.
  const child = fork(new URL('server.ts', import.meta.url), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--max-semi-space-size=64'],
  });
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { port: number }));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { port, child };
}

/** Floor and service in turns, so that a busy moment of the machine strikes both; the median of the turns counts. */
async function compare(body: string, floorPort: number, servicePort: number): Promise<{ floor: Load; service: Load }> {
  // Until V8 has compiled what a server runs all day: by requests, since a busy machine makes few of them in a second.
  for (const port of [floorPort, servicePort])
    await load(port, body, {
      connections: 16,
      milliseconds: milliseconds / 2,
      requests: body.length > 100_000 ? 300 : 6000,
    });
  const turns: { floor: Load; service: Load }[] = [];
  for (let turn = 0; turn < 3; turn++) {
    turns.push({
      floor: await load(floorPort, body, { connections: 16, milliseconds }),
      service: await load(servicePort, body, { connections: 16, milliseconds }),
    });
  }
  return turns.sort((a, b) => a.service.perSecond / a.floor.perSecond - b.service.perSecond / b.floor.perSecond)[1]!;
}

const floor = await serverOf('floor');
const small = benchBody(30_000);
const large = benchBody(1_000_000);
console.log(`order-sign, ${Math.round(small.length / 1000)} KB, 16 connections, Node ${process.version}\n`);
console.log('rules     req/s   of floor   p99 of floor   CPU µs/request (floor)');
const cpu: { rules: number; extra: number }[] = [];
for (const rules of sizes) {
  const { port, child } = await serverOf('service', String(rules));
  const { floor: base, service } = await compare(small, floor.port, port);
  cpu.push({ rules, extra: service.cpu });
  console.log(
    `${String(rules).padEnd(8)}${service.perSecond.toFixed(0).padStart(7)}${(service.perSecond / base.perSecond).toFixed(2).padStart(11)}${(service.p99 / base.p99).toFixed(2).padStart(15)}${`${service.cpu.toFixed(0)} (${base.cpu.toFixed(0)})`.padStart(25)}`,
  );
  if (rules === sizes.at(-1)) {
    const big = await compare(large, floor.port, port);
    console.log(`\n1 MB bodies: ${(big.service.perSecond / big.floor.perSecond).toFixed(2)} of the floor's throughput`);
  }
  child.kill();
}
const [first] = cpu;
const last = cpu.at(-1)!;
if (first && last !== first)
  console.log(
    `Growth exponent of CPU per request from ${first.rules} to ${last.rules} rules: ${(Math.log(last.extra / first.extra) / Math.log(last.rules / first.rules)).toFixed(3)} (goal at most 0.03)`,
  );
floor.child.kill();
