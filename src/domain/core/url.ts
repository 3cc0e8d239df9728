// URLs of client input. What is stored is what the WHATWG parser of a browser makes of the text, so that both agree on what it is.

/** Schemes that a URL may have. `media` adds data: with a picture, sound or film. */
export type UrlKind = 'web' | 'media';

// Types that a browser shows or plays, and never runs: image/svg+xml and text/html hold scripts.
const DATA_URL =
  /^data:((?:image\/(?:png|jpeg|gif|webp|avif)|audio\/(?:mpeg|mp4|aac|ogg|opus|wav|webm|flac)|video\/(?:mp4|webm|ogg|quicktime))(?:;codecs=[\w.,-]{1,100})?);base64,([A-Za-z0-9+/]+={0,2})$/i;

// Without what the parser leaves in a host, such as quotes.
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;

// Characters that end an attribute or a string of HTML, CSS or JavaScript, and that the parser leaves in some part of a URL.
const QUOTES = /['"`<>\\^{|}]/g;

/**
 * The URL in the form in which it is stored: ASCII alone, without quotes. Null when it is not allowed: another scheme, a user name or
 * password, control characters, no host. Takes time in proportion to the length, so check that first.
 */
export function normalizeUrl(text: string, kind: UrlKind): string | null {
  // The parser removes tabs and newlines, wherever they are.
  if (/\p{Cc}/u.test(text)) return null;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === 'data:') return kind === 'media' ? normalizeDataUrl(text.trim()) : null;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (url.username !== '' || url.password !== '' || !HOST.test(url.hostname)) return null;
  return url.href.replace(QUOTES, percentEncode);
}

function normalizeDataUrl(text: string): string | null {
  const [, type, data] = DATA_URL.exec(text) ?? [];
  return type === undefined ? null : `data:${type.toLowerCase()};base64,${data}`;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

const SCRIPT_SCHEMES = new Set(['javascript', 'vbscript', 'livescript']);

/**
 * Path of the first text in a JSON value that a browser would run as a URL, such as `items.0.uri`; null without one. Any text may end in a
 * link, whatever its key. The depth of `value` must be bounded.
 */
export function findScriptUrl(value: unknown): string | null {
  return findScript(value)?.slice(0, MAX_PATH_SEGMENTS).join('.') ?? null;
}

const MAX_PATH_SEGMENTS = 8;
const MAX_NAME_LENGTH = 64;

function findScript(value: unknown): string[] | null {
  if (typeof value === 'string') return isScriptUrl(value) ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, part] of Object.entries(value)) {
    const found = findScript(part);
    if (found) return [name.slice(0, MAX_NAME_LENGTH), ...found];
  }
  return null;
}

function isScriptUrl(text: string): boolean {
  const end = text.indexOf(':');
  if (end < 0) return false;
  // As the parser reads a scheme: without white space before it, and without tabs and newlines inside.
  const scheme = text
    .slice(0, end)
    .replace(/[\p{Cc}\s]/gu, '')
    .toLowerCase();
  if (SCRIPT_SCHEMES.has(scheme)) return true;
  if (scheme !== 'data') return false;
  const comma = text.indexOf(',', end);
  return comma > 0 && text.slice(end, comma).includes('/') && normalizeDataUrl(text.trim()) === null;
}
