// A server in a thread of its own that stands still when it is told to, as one does on a machine that has no time for it. Both
// sides: in the thread it serves, elsewhere it exports `standingServer`.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { listen } from '../../src/node-server.ts';

export interface StandingServer {
  port: number;
  /** The loop stands, once `/stand` has been answered. */
  stands(): Promise<void>;
  /** It is off again after so many milliseconds. */
  goOn(afterMs?: number): void;
  /** Stops as a server is stopped. */
  drain(): Promise<void>;
  close(): Promise<unknown>;
}

const [going, standing] = [0, 1];

export async function standingServer(idleMs: number): Promise<StandingServer> {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(new URL(import.meta.url), { workerData: { state, idleMs } });
  const said = () => new Promise<number>((resolve) => thread.once('message', resolve));
  const port = await said();
  return {
    port,
    async stands() {
      await Atomics.waitAsync(state, 0, going).value;
    },
    goOn(afterMs = 0) {
      Atomics.store(state, 1, afterMs);
      Atomics.store(state, 0, going);
      Atomics.notify(state, 0);
    },
    async drain() {
      thread.postMessage('drain');
      await said();
    },
    close: () => thread.terminate(),
  };
}

if (!isMainThread) {
  const { state, idleMs } = workerData as { state: Int32Array; idleMs: number };
  const { port, drain } = await listen(
    async (request, { outgoing }) => {
      // In the last phase of the turn in which the answer left: what comes next are the timers.
      if (request.url.endsWith('/stand')) outgoing.once('finish', () => setImmediate(stand));
      return new Response(await request.text());
    },
    { port: 0, hostname: '127.0.0.1', idleMs },
  );
  const stand = () => {
    Atomics.store(state, 0, standing);
    Atomics.notify(state, 0);
    Atomics.wait(state, 0, standing);
    const until = performance.now() + Atomics.load(state, 1)!;
    while (performance.now() < until);
  };
  parentPort!.once('message', () => void drain().then(() => parentPort!.postMessage(0)));
  parentPort!.postMessage(port);
}
