import type { MessageContentType } from '../db/generated/prisma/enums.ts';
import type { AttachmentInput, MessageInput } from '../domain/message/input.ts';
import { landscape } from './picture.ts';
import type { Extra } from './script.ts';

type Content = Omit<MessageInput, 'content'>;

const FILES = 'https://files.example.com/demo/';
const MEDIA_TYPES: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
};

/** The content in brackets at the end of a line: attachments, or a content type other than text. */
export function createContent({ kind, value }: Extra): Content {
  const [first = '', ...words] = value.split(' ');
  const rest = words.join(' ');
  switch (kind) {
    case 'image':
      return { attachments: [image(value)] };
    case 'video':
      return { attachments: [file('VIDEO', value, { width: 1280, height: 720 })] };
    case 'file':
      return { attachments: [file(value.endsWith('.svg') ? 'IMAGE' : 'FILE', value)] };
    case 'voice-note':
      return { attachments: [audio(`voice-note-${first}s.ogg`, rest)] };
    case 'call':
      return {
        contentType: 'VOICE_CALL',
        contentAttributes: { durationSeconds: Number(first) },
        attachments: [audio(`call-${first}s.ogg`, rest)],
      };
    case 'location': {
      const [latitude = 0, longitude = 0] = first.split(',').map(Number);
      return { attachments: [{ fileType: 'LOCATION', latitude, longitude, fallbackTitle: rest }] };
    }
    case 'contact': {
      const [name = '', phoneNumber = ''] = value.split(', ');
      const meta = { firstName: name, phoneNumber };
      return { attachments: [{ fileType: 'CONTACT', fallbackTitle: phoneNumber, meta }] };
    }
    case 'sticker':
      return { contentType: 'STICKER', attachments: [{ ...image('sticker.png'), fileType: 'STICKER' }] };
    case 'story':
      return { attachments: [{ fileType: 'STORY_MENTION', dataUrl: value }] };
    case 'reel':
      return { attachments: [{ fileType: 'IG_REEL', dataUrl: value }] };
    case 'embed':
      return { attachments: [{ fileType: 'EMBED', dataUrl: first, fallbackTitle: rest }] };
    case 'link':
      return { attachments: [{ fileType: 'FALLBACK', dataUrl: first, fallbackTitle: rest }] };
    case 'choose':
      return ofType('INPUT_SELECT', { items: choices(value) });
    case 'quick':
      return ofType('QUICK_REPLIES', { items: choices(value) });
    case 'cards':
      return ofType('CARDS', { items: choices(value).map(toCard) });
    case 'form':
      return ofType('FORM', {
        items: choices(value).map(({ title }) => ({ type: 'text', label: title, name: title })),
      });
    case 'ask-email':
      return ofType('INPUT_EMAIL', {});
    case 'article':
      return ofType('ARTICLE', { items: [{ title: value, link: 'https://www.example.com/guide' }] });
    case 'video-call':
      return ofType('VIDEO_CALL', { url: value });
    default:
      throw new Error(`unknown content [${kind}]`);
  }
}

function ofType(contentType: MessageContentType, contentAttributes: Content['contentAttributes']): Content {
  return { contentType, ...(contentAttributes ? { contentAttributes } : {}) };
}

function choices(value: string) {
  return value.split(' | ').map((title) => ({ title, value: title }));
}

function toCard({ title, value }: { title: string; value: string }) {
  return { title, actions: [{ type: 'postback', text: title, payload: value }] };
}

function image(fileName: string): AttachmentInput {
  const dataUrl = landscape(fileName, 320, 240);
  return {
    ...file('IMAGE', fileName, { width: 320, height: 240 }),
    dataUrl,
    thumbUrl: landscape('', 96, 72),
  };
}

function audio(fileName: string, transcribedText: string): AttachmentInput {
  return { ...file('AUDIO', fileName), transcribedText };
}

function file(
  fileType: AttachmentInput['fileType'],
  fileName: string,
  more: Partial<AttachmentInput> = {},
): AttachmentInput {
  const extension = fileName.split('.').at(-1) ?? '';
  const size = [...fileName].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
  return {
    fileType,
    fileName,
    extension,
    mediaType: MEDIA_TYPES[extension] ?? 'application/octet-stream',
    dataUrl: FILES + encodeURIComponent(fileName),
    // An invented size, always the same for the same name.
    fileSize: size * 137,
    ...more,
  };
}
