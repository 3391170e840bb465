// npm run mllp: an MLLP listener in front of POST /hl7v2. Each message is acknowledged; the cards come back as NTE segments.
// MLLP_PORT (2575), MLLP_HOST (127.0.0.1), CURBSIDE_URL (http://127.0.0.1:8787), CURBSIDE_TOKEN where callers must be known.
//
// MLLP has neither encryption nor sign-in of its own: listen beyond this machine only inside a tunnel that has both.
import { createServer, type Server, type Socket } from 'node:net';
import { Hl7Message } from '@medplum/core';

export interface MllpOptions {
  port: number;
  host: string;
  /** Sends one message to Curbside. */
  send: (message: string) => Promise<Response>;
  maxBytes?: number;
  idleMs?: number;
}

const start = 0x0b;
const end = 0x1c;

export function listen({ port, host, send, maxBytes = 5_000_000, idleMs = 300_000 }: MllpOptions): Promise<Server> {
  const server = createServer((socket) => {
    let held = Buffer.alloc(0);
    let answering = Promise.resolve();
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let frame = held.indexOf(end); frame >= 0; frame = held.indexOf(end)) {
        const begin = held.indexOf(start);
        const message = held.subarray(begin >= 0 && begin < frame ? begin + 1 : 0, frame).toString('utf8');
        held = held.subarray(frame + 1);
        // One answer after the other: the sender matches them by their order.
        answering = answering.then(async () => write(socket, await answer(message, send)));
      }
      if (held.length > maxBytes) socket.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

const write = (socket: Socket, message: string): void => {
  if (!socket.destroyed)
    socket.write(Buffer.concat([Buffer.from([start]), Buffer.from(message, 'utf8'), Buffer.from([end, 0x0d])]));
};

interface Answer {
  cards?: { summary: string; indicator: string }[];
  notMapped?: string[];
  issue?: { diagnostics?: string }[];
}

/** AA with the cards, AE when the message was refused, AR when it is none or Curbside did not answer. */
export async function answer(text: string, send: MllpOptions['send']): Promise<string> {
  let message: Hl7Message;
  try {
    message = Hl7Message.parse(text.trim());
    if (message.segments[0]?.name !== 'MSH') throw new Error('no MSH');
  } catch {
    return ['MSH|^~\\&|CURBSIDE||||||ACK|0|P|2.5.1', 'MSA|AR||not an HL7 v2 message'].join('\r');
  }
  const ack = (code: string, words?: string) => acknowledge(message, code, words);
  try {
    const response = await send(text);
    const body = (await response.json()) as Answer;
    if (!response.ok) return ack('AE', body.issue?.[0]?.diagnostics ?? `status ${response.status}`);
    const notes = [
      ...(body.cards ?? []).map(({ indicator, summary }) => `${indicator.toUpperCase()}: ${summary}`),
      ...(body.notMapped ?? []).map((what) => `NOT MAPPED: ${what}`),
    ];
    return [ack('AA'), ...notes.map((note, place) => `NTE|${place + 1}|O|${escaped(note)}`)].join('\r');
  } catch {
    return ack('AR', 'Curbside did not answer');
  }
}

/** Sender and receiver changed places; the control id says which message is meant. */
function acknowledge(message: Hl7Message, code: string, words?: string): string {
  const msh = message.getSegment('MSH');
  const field = (place: number): string => msh?.getField(place)?.toString() ?? '';
  const at = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const event = msh?.getField(9)?.getComponent(2);
  return [
    `MSH|^~\\&|${field(5)}|${field(6)}|${field(3)}|${field(4)}|${at}||ACK${event ? `^${event}` : ''}|${at}${field(10)}|${field(11) || 'P'}|${field(12) || '2.5.1'}`,
    `MSA|${code}|${field(10)}${words ? `|${escaped(words)}` : ''}`,
  ].join('\r');
}

const escaped = (text: string): string =>
  text.replace(
    /[\\|^~&\r\n]/g,
    (sign) => ({ '\\': '\\E\\', '|': '\\F\\', '^': '\\S\\', '~': '\\R\\', '&': '\\T\\' })[sign] ?? ' ',
  );

if (import.meta.main) {
  const {
    MLLP_PORT = '2575',
    MLLP_HOST = '127.0.0.1',
    CURBSIDE_URL = 'http://127.0.0.1:8787',
    CURBSIDE_TOKEN,
  } = process.env;
  await listen({
    port: Number(MLLP_PORT),
    host: MLLP_HOST,
    send: (body) =>
      fetch(`${CURBSIDE_URL.replace(/\/+$/, '')}/hl7v2`, {
        method: 'POST',
        headers: {
          'content-type': 'application/hl7-v2',
          ...(CURBSIDE_TOKEN && { authorization: `Bearer ${CURBSIDE_TOKEN}` }),
        },
        body,
        signal: AbortSignal.timeout(15_000),
      }),
  });
  console.log(`MLLP on ${MLLP_HOST}:${MLLP_PORT}, answered by ${CURBSIDE_URL}`);
}
