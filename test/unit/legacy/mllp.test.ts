// The MLLP listener: frames in, acknowledgements and cards out.
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from '../../../src/tools/mllp.ts';
import { testApp } from '../../support/app.ts';

const app = testApp();
let server: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  server = await listen({
    port: 0,
    host: '127.0.0.1',
    send: (message) => app.post('/hl7v2', message, { 'content-type': 'application/hl7-v2' }),
  });
});
afterAll(() => void server.close());

/** Sends bytes as they are and gives back so many frames. */
const exchange = (bytes: string[], frames: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let held = '';
    socket.on('data', (chunk) => {
      held += chunk.toString();
      const found = held.split('\u001c\r').filter(Boolean);
      if (found.length < frames) return;
      socket.end();
      resolve(found.map((frame) => frame.replace('\u000b', '')));
    });
    socket.on('error', reject);
    for (const part of bytes) socket.write(part);
  });

const order = (id: string, ...segments: string[]) =>
  [
    `MSH|^~\\&|CPOE|WARD|CURBSIDE|HOSP|20261124085500||RDE^O11|${id}|P|2.5.1`,
    'PID|1||p1||DOE^JANE||19520309|F',
    'ORC|SC|O1',
    'RXE|^QD|855332^warfarin sodium 5 MG Oral Tablet^RXNORM|5||mg',
    'ORC|NW|O2',
    'RXE|^TID|197806^ibuprofen 600 MG Oral Tablet^RXNORM|600||mg',
    ...segments,
  ].join('\r');

it('acknowledges a message and brings its cards, even when it comes in pieces', async () => {
  const text = `\u000b${order('M1', 'ZZZ|1')}\u001c\r`;
  const [ack] = await exchange([text.slice(0, 40), text.slice(40)], 1);
  const segments = ack!.split('\r');
  expect(segments[0]).toMatch(/^MSH\|\^~\\&\|CURBSIDE\|HOSP\|CPOE\|WARD\|\d{14}\|\|ACK\^O11\|/);
  expect(segments[1]).toBe('MSA|AA|M1');
  expect(segments.filter((segment) => segment.startsWith('NTE')).join(' ')).toMatch(/CRITICAL|WARNING/);
  expect(segments.at(-1)).toContain('NOT MAPPED: segment ZZZ: not read');
});

it('answers several messages in their order', async () => {
  const acks = await exchange([`\u000b${order('M1')}\u001c\r\u000b${order('M2')}\u001c\r`], 2);
  expect(acks.map((ack) => ack.split('\r').find((segment) => segment.startsWith('MSA')))).toEqual([
    'MSA|AA|M1',
    'MSA|AA|M2',
  ]);
});

it('says what is wrong with one it cannot take', async () => {
  const [none, nobody] = await exchange(['\u000bhello\u001c\r', `\u000b${order('M3').replace('p1', '')}\u001c\r`], 2);
  expect(none).toContain('MSA|AR');
  expect(nobody).toContain('MSA|AE|M3|The message names no patient: PID-3 is empty.');
});
