// A server that gets no time of the processor: whoever is connected, or came while it stood still, is answered and not cut off.
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../../src/node-server.ts';
import { type StandingServer, standingServer } from '../support/standing-server.ts';

let server: StandingServer | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.close();
  server = undefined;
});

const connected = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(server!.port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
    sockets.push(socket);
  });

/** Resolves when the request is with the system. */
const send = (socket: Socket, body: string, path = '/') =>
  new Promise<void>((resolve) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(`${head}${body}`, () => resolve());
  });

/** The next answer; the server's echoes are one word each. */
const answerOn = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      const [, status, body] = /^HTTP\/1\.1 (\d+) [\s\S]*\r\n\r\n(\w+)$/.exec(text) ?? [];
      if (body) resolve(`${status} ${body}`);
    });
    socket.once('close', () => reject(new Error('cut off')));
    socket.once('error', reject);
  });

/** A connection on which one request has been answered, by a server that has stood still since. */
async function usedBefore(idleMs: number): Promise<Socket> {
  server = await standingServer(idleMs);
  const socket = await connected();
  await send(socket, 'first', '/stand');
  expect(await answerOn(socket)).toBe('200 first');
  await server.stands();
  return socket;
}

describe('a server that stood still', () => {
  it('answers what came meanwhile on a connection whose idle time ran out meanwhile', async () => {
    const idleMs = 50;
    const socket = await usedBefore(idleMs);
    const answer = answerOn(socket);
    await send(socket, 'second');
    server!.goOn(2 * idleMs);
    expect(await answer).toBe('200 second');
  });

  // Elsewhere the system's own limit may be lower.
  it.runIf(process.platform === 'linux')('has let in a thousand who came meanwhile, and answers each', async () => {
    await usedBefore(60_000);
    const many = await Promise.all(Array.from({ length: 1000 }, connected));
    const answers = many.map(answerOn);
    await Promise.all(many.map((socket, n) => send(socket, `word${n}`)));
    server!.goOn();
    expect(await Promise.all(answers)).toEqual(many.map((_, n) => `200 word${n}`));
  });

  it('answers who is connected when it is told to stop, and closes', async () => {
    const socket = await usedBefore(60_000);
    const answer = answerOn(socket);
    await send(socket, 'second');
    const drained = server!.drain();
    server!.goOn();
    expect(await answer).toBe('200 second');
    await drained;
    await expect(connected()).rejects.toThrow('ECONNREFUSED');
  });
});

it('keeps an idle connection for much longer than it says: a client that is late does not write into a closed one', async () => {
  let socket: Socket | undefined;
  const { port, close } = await listen(
    (_, { incoming }) => {
      socket = incoming.socket;
      return new Response('answered');
    },
    { port: 0, hostname: '127.0.0.1' },
  );
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect(await answer.text()).toBe('answered');
  expect(answer.headers.get('keep-alive')).toBe('timeout=75');
  expect(socket!.timeout).toBeGreaterThanOrEqual(300_000);
  close();
});
