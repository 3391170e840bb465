// The HTTP server on Node. Whoever has connected is answered, also on a machine so busy that this process stands still for seconds:
// what has arrived meanwhile lies with the system, and the timers that go off first afterwards must not throw it away.
import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';

export interface NodeServer {
  /** The one asked for, or the one that was free when that was 0. */
  port: number;
  /** Answers who is connected, takes no new ones, and resolves when all are gone; who does not take the answer is cut off. */
  drain(): Promise<void>;
  close(): void;
}

/** What clients are told (`Keep-Alive: timeout=75`): longer than a proxy keeps its connections, 60 s as a rule. */
const toldIdleMs = 75_000;
/** What we wait before we close one: whoever closes late because it was starved, or never heard of the 75 s, still finds it open. */
const keptIdleMs = 300_000;
/** So many may wait at the door while we stand still; the system may have a lower limit (`net.core.somaxconn`). */
const backlog = 4096;
/** Counted from when the connection was taken in, and checked before what has arrived is read. */
const headersMs = 120_000;

/** Resolves when it listens; rejects with the system's error, such as EADDRINUSE. */
export async function listen(
  fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>,
  { port, hostname, idleMs = keptIdleMs }: { port: number; hostname: string; idleMs?: number },
): Promise<NodeServer> {
  const server = createAdaptorServer({
    fetch: (request, env) => fetch(request, env as HttpBindings),
    hostname,
    // A body that nobody read is thrown away by Node itself. The adapter's way cuts the connection after half a second, under
    // load with the next request already on it.
    autoCleanupIncoming: false,
    serverOptions: {
      keepAliveTimeout: Math.min(toldIdleMs, idleMs),
      keepAliveTimeoutBuffer: Math.max(0, idleMs - toldIdleMs),
      headersTimeout: headersMs,
    },
  }) as Server;
  // Timers run before anything is read: a request may have come in the meantime. After the next reading it is known.
  server.on('timeout', (socket) => {
    const { bytesRead } = socket;
    setImmediate(() => {
      if (socket.bytesRead === bytesRead) socket.destroy();
    });
  });
  const drain = draining(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: hostname, backlog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, drain, close: () => void server.close() };
}

const drainMs = 25_000;
/** No request for so long, and no connection that is younger and has asked nothing yet: everybody has been answered. */
const quietMs = 100;
const firstRequestMs = 1000;
/** So many turns of the loop without a new connection, or so long at most: nobody stands at the door. */
const idleTurns = 20;
const doorMs = 20_000;

/**
 * Stops a server without cutting anybody short: no new connections, but whoever is connected is answered, and told to connect
 * anew. `close()` of Node's own would also cut connections whose request has arrived and was not read yet.
 */
function draining(server: Server): () => Promise<void> {
  let isDraining = false;
  let underWay = 0;
  let cameAt = 0;
  let connections = 0;
  /** Connected, and nothing asked yet: their first request is on its way. */
  const fresh = new Map<unknown, number>();
  server.on('connection', (socket) => {
    connections += 1;
    fresh.set(socket, performance.now());
    socket.once('close', () => fresh.delete(socket));
  });
  server.prependListener('request', ({ socket }, answer) => {
    fresh.delete(socket);
    underWay += 1;
    cameAt = performance.now();
    answer.once('close', () => (underWay -= 1));
    if (isDraining) answer.shouldKeepAlive = false;
  });
  return async () => {
    isDraining = true;
    const started = performance.now();
    // Who stands at the door is let in: one connection a turn, until none has come for a while.
    for (let idle = 0; idle < idleTurns && performance.now() - started < doorMs; ) {
      const before = connections;
      await new Promise((resolve) => setImmediate(resolve));
      idle = connections === before ? idle + 1 : 0;
    }
    const closed = new Promise<void>((resolve) => void NetServer.prototype.close.call(server, () => resolve()));
    const isBusy = (now: number) =>
      underWay > 0 ||
      now - Math.max(cameAt, started) < quietMs ||
      [...fresh.values()].some((connectedAt) => now - connectedAt < firstRequestMs);
    // Who does not take the answer in time is cut off.
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    while (performance.now() - started < drainMs && isBusy(performance.now()))
      // Not from the timer itself: what has arrived is read in between.
      await new Promise((resolve) => setTimeout(() => setImmediate(resolve), 20));
    server.closeIdleConnections();
    await closed;
    clearTimeout(cut);
  };
}
