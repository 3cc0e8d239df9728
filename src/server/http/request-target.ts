/**
 * The path of a request target, without its query string. `new URL` would throw for targets that Node.js accepts, such as `//`. A target may
 * also be absolute, as requests to a proxy are: `http://host/path`.
 */
export function pathOf(target: string | undefined): string {
  return toOriginForm(target).split('?', 1)[0] ?? '';
}

/** The query parameters of a request target. */
export function parametersOf(target: string | undefined): URLSearchParams {
  const text = toOriginForm(target);
  const start = text.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : text.slice(start + 1));
}

/** The target without scheme and host. */
export function toOriginForm(target = ''): string {
  if (target.startsWith('/')) return target;
  const rest = target.replace(/^https?:\/\/[^/?]*/i, '');
  return rest.startsWith('?') || rest === '' ? `/${rest}` : rest;
}

/** Whether a URL can be built with this Host header; undefined is no header. */
export function isUsableHost(host: string | undefined): boolean {
  return host === undefined || (/^[^/?#@\\\s]+$/.test(host) && URL.canParse(`http://${host}`));
}
