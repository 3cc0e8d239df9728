import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { TrustedProxies } from '../trusted-proxies.ts';

// More proxies in a row than anybody has. The header is the client's to fill.
const MAX_HOPS = 20;
const NO_ADDRESS = 'unknown';

export interface ClientAddressOptions {
  /** Called once, when a request has come through a proxy and none is trusted: then its clients share one address. */
  onUntrusted?: () => void;
}

export type ClientAddress = ReturnType<typeof createClientAddress>;

/**
 * Finds the address that limits count: that of the connection, or, behind trusted proxies, the last address in X-Forwarded-For that none of them
 * vouches for. What stands before it was written by the client. The header Forwarded is not read: a proxy that sets one of the two passes on the
 * other as the client wrote it. IPv6 counts by its first 64 bits, of which one household has many addresses.
 */
export function createClientAddress(
  trusted: TrustedProxies | undefined,
  { onUntrusted = () => undefined }: ClientAddressOptions = {},
) {
  const isTrusted = createTrust(trusted);
  let hasReported = false;

  function reportOnce() {
    if (!hasReported) onUntrusted();
    hasReported = true;
  }

  return function addressOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    let address = normalize(socket.remoteAddress ?? '');
    if (address === null) return NO_ADDRESS;
    const header = headers['x-forwarded-for'];
    if (header !== undefined && !isTrusted) reportOnce();
    const forwarded = isTrusted && header !== undefined ? String(header).split(',').slice(-MAX_HOPS) : [];
    for (let hop = 0; isTrusted?.(address, hop); hop++) {
      const before = normalize(withoutPort(forwarded.pop() ?? ''));
      // The nearest proxy that wrote an address is the best that is known.
      if (before === null) break;
      address = before;
    }
    return toNetwork(address);
  };
}

type Trust = (address: string, hop: number) => boolean;

function createTrust(trusted: TrustedProxies | undefined): Trust | null {
  if (trusted === undefined) return null;
  if (typeof trusted === 'number') return (_address, hop) => hop < trusted;
  const networks = new BlockList();
  for (const { address, prefix, family } of trusted) networks.addSubnet(address, prefix, family);
  return (address) => networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

// Some proxies write 203.0.113.7:4711 and [2001:db8::7]:4711.
function withoutPort(text: string): string {
  const trimmed = text.trim();
  return /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
}

/** The address; an IPv4 address that is written as IPv6 as IPv4. Null when it is none. */
function normalize(text: string): string | null {
  const address = /^::ffff:([\d.]+)$/i.exec(text)?.[1] ?? text.replace(/%.*$/s, '');
  return isIP(address) === 0 ? null : address;
}

function toNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
