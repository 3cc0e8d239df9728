import type { ChannelType } from '../db/generated/prisma/enums.ts';
import { stableId } from '../ids.ts';
import { asUser } from './author.ts';
import { DEMO } from './demo-people.ts';
import type { Unit } from './dialogue.ts';
import { avatarOf } from './picture.ts';
import type { Rows } from './rows.ts';
import { addSetupEvent } from './setup-event.ts';

const { organizationId } = DEMO;

export const BUSINESS_UNITS: Record<Unit, { id: string; name: string }> = {
  shop: { id: stableId('BusinessUnit', 'demo:shop'), name: 'Meridian Shop' },
  travel: { id: stableId('BusinessUnit', 'demo:travel'), name: 'Meridian Travel' },
  cloud: { id: stableId('BusinessUnit', 'demo:cloud'), name: 'Meridian Cloud' },
};

interface DemoChannel {
  id: string;
  type: ChannelType;
  name: string;
  /** Default: all units use it. */
  unit?: Unit;
  isActive?: boolean;
}

export const CHANNELS: readonly DemoChannel[] = [
  channel('WEB', 'Website chat, shop', { unit: 'shop' }),
  channel('WEB', 'Website chat, travel', { unit: 'travel' }),
  channel('WEB', 'Website chat, cloud', { unit: 'cloud' }),
  channel('EMAIL', 'help@shop.example.com', { unit: 'shop' }),
  channel('EMAIL', 'help@travel.example.com', { unit: 'travel' }),
  channel('EMAIL', 'help@cloud.example.com', { unit: 'cloud' }),
  channel('API', 'Planner app'),
  channel('MESSAGE', 'Text messages'),
  channel('LINE', 'LINE'),
  channel('WHATSAPP', 'WhatsApp'),
  channel('FACEBOOK', 'Facebook Messenger'),
  channel('INSTAGRAM', 'Instagram'),
  channel('WECHAT', 'WeChat'),
  channel('WECOM', 'WeCom'),
  channel('TELEGRAM', 'Telegram'),
  channel('VOICE', 'Phone'),
  channel('OTHER', 'KakaoTalk'),
  channel('MESSAGE', 'Text messages, old number', { isActive: false }),
];

export const WEBSITES: Record<Unit, { id: string; name: string; url: string }> = {
  shop: { id: stableId('Website', 'demo:shop'), name: 'Meridian Shop', url: 'https://shop.example.com/' },
  travel: {
    id: stableId('Website', 'demo:travel'),
    name: 'Meridian Travel',
    url: 'https://travel.example.com/',
  },
  cloud: { id: stableId('Website', 'demo:cloud'), name: 'Meridian Cloud', url: 'https://cloud.example.com/' },
};

export const AUDIENCES = [
  'First-time visitors',
  'Returning customers',
  'Business accounts',
  'Newsletter readers',
].map((name) => ({ id: stableId('Audience', `demo:${name}`), name }));

export const BOTS: Record<Unit, { id: string; name: string; description: string }> = {
  shop: {
    id: DEMO.botId,
    name: 'Compass',
    description: 'Answers questions about orders, and hands over the rest.',
  },
  travel: {
    id: stableId('Bot', 'demo:trailhead'),
    name: 'Trailhead',
    description: 'Changes and cancels bookings.',
  },
  cloud: { id: stableId('Bot', 'demo:keyring'), name: 'Keyring', description: 'Helps with logging in.' },
};

function channel(
  type: ChannelType,
  name: string,
  more: Pick<DemoChannel, 'unit' | 'isActive'> = {},
): DemoChannel {
  return { id: stableId('Channel', `demo:${name}`), type, name, ...more };
}

/** The active channel of this type that the unit uses. */
export function findChannel(type: ChannelType, unit: Unit): DemoChannel {
  const found = CHANNELS.find(
    (one) => one.type === type && (one.unit ?? unit) === unit && one.isActive !== false,
  );
  if (!found) throw new Error(`the demo has no ${type} channel`);
  return found;
}

/** Adds the directory entries, created by the administrator in the first days, some minutes apart. */
export function addDirectory(rows: Rows, foundedAt: Date) {
  const admin = asUser(DEMO.adminId);
  let at = foundedAt.getTime() + 2 * 86_400_000;

  function settle(type: 'SETTINGS_CHANGED' | 'CHANNEL_CHANGED', subjectBotId?: string) {
    at += 7 * 60_000;
    const createdAt = new Date(at);
    addSetupEvent(rows, { type, at: createdAt, by: admin, ...(subjectBotId ? { subjectBotId } : {}) });
    return { organizationId, createdAt };
  }

  for (const unit of Object.values(BUSINESS_UNITS))
    rows.BusinessUnit.push({ ...unit, ...settle('SETTINGS_CHANGED') });
  for (const { unit: _unit, type: channelType, isActive = true, ...rest } of CHANNELS) {
    rows.Channel.push({ ...rest, channelType, isActive, ...settle('CHANNEL_CHANGED') });
  }
  for (const unit of ['shop', 'travel', 'cloud'] as const) {
    const defaultChannelId = findChannel('WEB', unit).id;
    rows.Website.push({ ...WEBSITES[unit], defaultChannelId, ...settle('SETTINGS_CHANGED') });
    const bot = BOTS[unit];
    rows.Bot.push({ ...bot, avatarUrl: avatarOf(bot.name), ...settle('SETTINGS_CHANGED', bot.id) });
  }
  for (const audience of AUDIENCES) rows.Audience.push({ ...audience, ...settle('SETTINGS_CHANGED') });
}
