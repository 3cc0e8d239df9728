import { isIP } from 'node:net';

interface Network {
  readonly address: string;
  /** Number of bits. */
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Proxies whose X-Forwarded-For is believed: a number of them in a row in front of the node, or their networks. */
export type TrustedProxies = number | readonly Network[];

/** Reads TRUST_PROXY: a number of proxies, or networks separated by commas, such as 10.0.0.0/8 or 2001:db8::1. Null when it is neither. */
export function parseTrustedProxies(text: string): TrustedProxies | null {
  if (/^[1-9]$/.test(text.trim())) return Number(text);
  const networks = text.split(',').map((part) => parseNetwork(part.trim()));
  return networks.every((network) => network !== null) ? networks : null;
}

function parseNetwork(text: string): Network | null {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  const max = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? max : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || more.length > 0 || !(prefix <= max)) return null;
  return { address, prefix, family: version === 6 ? 'ipv6' : 'ipv4' };
}
