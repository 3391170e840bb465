// Where names lead, on Node. The servers that we call are named in the settings, and whoever answers for the DNS of such a name can
// let it lead to this machine itself or to the cloud's metadata service. The address that was really reached is looked at when the
// connection stands and before a byte, and so a token, is sent on it.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { BlockList, isIP, type Socket } from 'node:net';

const addresses = new BlockList();
for (const [network, prefix, family] of [
  ['0.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['::', 127, 'ipv6'],
  // Link-local; the metadata services of AWS, Azure, Google and Oracle among them.
  ['169.254.0.0', 16, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['100.100.100.200', 32, 'ipv4'],
] as const)
  addresses.addSubnet(network, prefix, family);

/** An address that is written out, and `localhost`, mean what they say; another name must not mean this machine or its neighbour. */
export function mayLeadTo(hostname: string, address: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
  if (isIP(host) || host === 'localhost' || host.endsWith('.localhost')) return true;
  return !addresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Cuts every connection of `fetch` that a name led where it must not lead; returns what ends that. */
export function watchNames(onRefused: (host: string) => void): () => void {
  // undici publishes it between the connection and the first request on it.
  const connected = (message: unknown) => {
    const { connectParams, socket } = message as { connectParams: { hostname: string }; socket: Socket };
    if (socket.remoteAddress === undefined || mayLeadTo(connectParams.hostname, socket.remoteAddress)) return;
    socket.destroy(new Error('a name led to an address of this machine'));
    onRefused(connectParams.hostname);
  };
  subscribe('undici:client:connected', connected);
  return () => unsubscribe('undici:client:connected', connected);
}
