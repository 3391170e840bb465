// A load of so many connections on one address, for so long and at least so many requests: requests a second, latencies, and
// the server's CPU per request.
import { Agent, request } from 'node:http';

export interface Load {
  perSecond: number;
  p50: number;
  p99: number;
  /** Microseconds of the server's CPU. */
  cpu: number;
}

export async function load(
  port: number,
  body: string,
  { connections, milliseconds, requests = 0 }: { connections: number; milliseconds: number; requests?: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const once = () =>
    new Promise<void>((resolve, reject) => {
      const call = request(
        { port, host: '127.0.0.1', method: 'POST', path: '/cds-services/medication-safety', agent, headers },
        (answer) => {
          if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
          answer.resume().once('end', resolve).once('error', reject);
        },
      );
      call.once('error', reject);
      call.end(body);
    });
  const cpu = async () => {
    const { user, system } = (await (await fetch(`http://127.0.0.1:${port}/cpu`)).json()) as {
      user: number;
      system: number;
    };
    return user + system;
  };
  const latencies: number[] = [];
  const before = await cpu();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() - started < milliseconds || latencies.length < requests) {
        const from = performance.now();
        await once();
        latencies.push(performance.now() - from);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const spent = (await cpu()) - before;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
  return { perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), cpu: spent / latencies.length };
}
