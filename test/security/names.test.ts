// Names in the settings that are made to lead to this machine or to the metadata service of a cloud.
import dns from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { start } from '../../src/node.ts';
import { mayLeadTo, watchNames } from '../../src/node-addresses.ts';

afterEach(() => void vi.restoreAllMocks());

describe('a name', () => {
  it.each([
    '127.0.0.1',
    '127.8.9.10',
    '0.0.0.0',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
  ])('must not lead to %s', (address) => {
    expect(mayLeadTo('ehr.hospital.example', address)).toBe(false);
  });

  it.each(['10.1.2.3', '172.17.0.4', '192.168.1.9', '203.0.113.7', 'fd12:3456::7', '2001:db8::7', '::ffff:10.1.2.3'])(
    'may lead to %s: hospitals have networks of their own',
    (address) => {
      expect(mayLeadTo('ehr.hospital.example', address)).toBe(true);
    },
  );

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['localhost', '127.0.0.1'],
    ['localhost', '::1'],
    ['ehr.localhost', '127.0.0.1'],
    ['169.254.10.1', '169.254.10.1'],
  ])('that says so itself is what the settings say: %s', (name, address) => {
    expect(mayLeadTo(name, address)).toBe(true);
  });
});

/** A server here, and a DNS by which every name leads to it. */
async function rebound() {
  let bytes = 0;
  const server = createServer((_, answer) => void answer.end('{}'));
  server.on('connection', (socket) => void socket.on('data', (chunk: Buffer) => (bytes += chunk.length)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.spyOn(dns, 'lookup').mockImplementation(((
    _: string,
    options: { all?: boolean },
    told: (...found: unknown[]) => void,
  ) =>
    process.nextTick(() =>
      options.all ? told(null, [{ address: '127.0.0.1', family: 4 }]) : told(null, '127.0.0.1', 4),
    )) as never);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://ehr.hospital.example:${port}/fhir`,
    literal: `http://127.0.0.1:${port}/fhir`,
    bytes: () => bytes,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

describe('a connection that a name led to this machine', () => {
  it('is cut before a byte is sent on it; one to the address itself is not, nor any when nobody watches', async () => {
    const refused: string[] = [];
    const here = await rebound();
    const stop = watchNames((host) => refused.push(host));
    const headers = { authorization: 'Bearer secret' };
    await expect(fetch(here.url, { headers })).rejects.toThrow('fetch failed');
    expect(here.bytes()).toBe(0);
    expect(refused).toEqual(['ehr.hospital.example']);
    expect((await fetch(here.literal, { headers })).status).toBe(200);
    stop();
    expect((await fetch(here.url, { headers })).status).toBe(200);
    await here.close();
  });

  it('is cut where there is no sandbox', async () => {
    const said: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
    const here = await rebound();
    const production = {
      PORT: '0',
      DATA_DIR: ':memory:',
      SANDBOX: 'off',
      CDS_CLIENTS: '[{"issuer":"https://ehr.hospital.example","jwksUrl":"https://ehr.hospital.example/jwks.json"}]',
    };
    const { platform, stop } = await start(production);
    await expect(platform.fetch(here.url)).rejects.toThrow('fetch failed');
    expect(said.join('\n')).toContain('"event":"address_refused","host":"ehr.hospital.example"');
    await stop();
    const sandbox = await start({ PORT: '0', DATA_DIR: ':memory:' });
    expect((await sandbox.platform.fetch(here.url)).status).toBe(200);
    await sandbox.stop();
    await here.close();
  });
});
