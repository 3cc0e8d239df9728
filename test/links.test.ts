import { expect, test } from 'vitest';
import { createLinks } from '../src/links.ts';
import { captureLog } from './support/captured-log.ts';

function addLink() {
  const { log, lines } = captureLog();
  const links = createLinks(log);
  const link = links.add('redis.rates', 'each node limits by itself');
  const told = () => lines.filter(({ level }) => level > 20).map(({ level, msg }) => `${level} ${msg}`);
  return { link, links, lines, told };
}

test('one line tells when trouble with a link begins, with what happens meanwhile, and one when it ends', () => {
  const { link, lines, told } = addLink();
  link.up();
  expect(told()).toEqual([]);
  for (let times = 0; times < 3; times++) link.down(new Error('refused'));
  link.up();
  link.up();
  expect(told()).toEqual(['40 a link does not work', '30 a link works again']);
  expect(lines[0]).toMatchObject({ link: 'redis.rates', meanwhile: 'each node limits by itself' });
  expect(lines.at(-1)).toMatchObject({ link: 'redis.rates', seconds: 0 });
});

test('a link that is not up yet is told only when an attempt has failed', () => {
  const { link, links, told } = addLink();
  expect(links.list()).toEqual([{ name: 'redis.rates', isUp: false, troubles: 0 }]);
  link.down(new Error('refused'));
  link.up();
  link.down(new Error('silent'));
  expect(links.list()).toEqual([{ name: 'redis.rates', isUp: false, troubles: 2 }]);
  expect(told()).toHaveLength(3);
});
