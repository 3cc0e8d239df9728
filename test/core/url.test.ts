import { describe, expect, test } from 'vitest';
import { normalizeUrl } from '../../src/domain/core/url.ts';

const PNG = 'data:image/png;base64,iVBORw0KGgo=';

describe('a URL is stored as the parser of a browser writes it', () => {
  test.each([
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://EXAMPLE.com:443/A b', 'https://example.com/A%20b'],
    ['  https://example.com/x ', 'https://example.com/x'],
    ['https:\\\\example.com\\x', 'https://example.com/x'],
    ['https:example.com', 'https://example.com/'],
    ['https://example.com/a/../b', 'https://example.com/b'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
    ['https://127.1:8080/', 'https://127.0.0.1:8080/'],
    ['http://[::1]/', 'http://[::1]/'],
    [`https://a.example/"onerror='x'`, 'https://a.example/%22onerror=%27x%27'],
    ['https://a.example/?q=`"<>\'#`"<>\'', 'https://a.example/?q=%60%22%3C%3E%27#%60%22%3C%3E%27'],
    ['https://a.example/\u202e', 'https://a.example/%E2%80%AE'],
    [PNG, PNG],
    ['DATA:IMAGE/PNG;base64,iVBORw0KGgo=', PNG],
    ['data:audio/webm;codecs=opus;base64,AAAA', 'data:audio/webm;codecs=opus;base64,AAAA'],
    ['data:video/mp4;base64,AAAA', 'data:video/mp4;base64,AAAA'],
  ])('%s', (text, stored) => {
    expect(normalizeUrl(text, 'media')).toBe(stored);
    expect(normalizeUrl(stored, 'media')).toBe(stored);
    expect(stored).toMatch(/^[!#-&(-;=?-[\]_a-z~]+$/);
  });
});

describe('a URL is refused', () => {
  test.each([
    ['an attribute in the host', 'https://a" onerror="x'],
    ['a quote in the host', "https://a'b.example/"],
    ['a newline', 'https://x\njavascript:y'],
    ['a newline in the scheme', 'java\nscript:alert(1)'],
    ['a control character', 'https://example.com/\u0007'],
    ['a control character at the end', 'https://example.com/\u0000'],
    ['a user name', 'https://bank.example@evil.example/'],
    ['a password', 'https://:secret@evil.example/'],
    ['a script', 'javascript:alert(1)'],
    ['another scheme', 'ftp://example.com/'],
    ['a file', 'file:///etc/passwd'],
    ['the memory of one page', 'blob:https://example.com/9115d58c'],
    ['no scheme', 'example.com/x'],
    ['a path', '/x'],
    ['no host', 'https://'],
    ['nothing', ''],
    ['a picture that holds scripts', 'data:image/svg+xml,<svg onload=alert(1)>'],
    ['the same in base64', 'data:image/svg+xml;base64,AAAA'],
    ['a document', 'data:text/html,<script>alert(1)</script>'],
    ['no type', 'data:,x'],
    ['a type with a parameter', 'data:image/png;x=text/html;base64,AAAA'],
    ['data that is not base64', 'data:image/png,<script>'],
    ['quotes in data', 'data:image/png;base64,AAAA"onerror="x'],
  ])('%s', (_name, text) => {
    expect(normalizeUrl(text, 'media')).toBeNull();
    expect(normalizeUrl(text, 'web')).toBeNull();
  });

  test('data where a website is expected', () => {
    expect(normalizeUrl(PNG, 'web')).toBeNull();
  });
});
