import type { ServerResponse } from 'node:http';

const HEADERS = Object.entries({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // A page of another site can neither frame an answer nor load it as a script or picture.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
});

/** Sets headers on every answer, as a browser can be made to show any of them. A page with scripts replaces the policy by its own. */
export function setSecurityHeaders(response: ServerResponse) {
  for (const [name, value] of HEADERS) response.setHeader(name, value);
}
