import { z } from 'zod';
import {
  AddressType,
  AttachmentType,
  Availability,
  ChannelType,
  ContactType,
  ConversationPriority,
  ConversationStatus,
  MessageContentType,
  MessageDirection,
  SourceSystem,
} from '../db/generated/prisma/enums.ts';
import { stableId } from '../ids.ts';
import chatwoot from './examples/chatwoot.json' with { type: 'json' };
import imbrace from './examples/imbrace.json' with { type: 'json' };
import oncehub from './examples/oncehub.json' with { type: 'json' };
import voipbin from './examples/voipbin.json' with { type: 'json' };

const time = z.coerce.date();
const text = z.string().optional();
const number = z.number().optional();
const json = z.record(z.string(), z.json());

const NODE_TYPES = ['BusinessUnit', 'Channel', 'User', 'Bot', 'Website', 'Contact'] as const;

/** `Type/seed` in the file: the stable id of that seed. */
const id = z.string().transform((reference, context) => {
  const [, type = '', seed = ''] = /^(\w+)\/(.+)$/.exec(reference) ?? [];
  const known = NODE_TYPES.find((name) => name === type);
  if (known) return stableId(known, seed);
  context.addIssue(`no id: ${reference}`);
  return z.NEVER;
});

const entry = { id, name: z.string(), externalId: text, externalStatus: text };
const Address = z.strictObject({
  type: z.enum(AddressType),
  ...{ target: z.string(), targetName: z.string(), name: z.string(), detail: z.string() },
});

const Message = z.strictObject({
  content: text,
  contentType: z.enum(MessageContentType).optional(),
  contentAttributes: json.optional(),
  isPrivate: z.boolean().optional(),
  mentionedUserIds: z.array(id).optional(),
  attachments: z
    .array(
      z.strictObject({
        fileType: z.enum(AttachmentType),
        ...{ fileName: text, mediaType: text, extension: text, dataUrl: text, thumbUrl: text },
        ...{ fallbackTitle: text, transcribedText: text, meta: json.optional() },
        ...{ fileSize: number, width: number, height: number, latitude: number, longitude: number },
      }),
    )
    .optional(),
});

/** One step of a history: exactly one of the fields after `replyToSeq` is given. */
const Step = z.strictObject({
  at: time,
  /** An id, or `system`. */
  by: z.union([z.literal('system'), id]),
  /** Of a message: its id in the source, a direction that only imports have, and the `seq` that it replies to. */
  externalId: text,
  direction: z.enum(MessageDirection).optional(),
  replyToSeq: number,
  send: Message.optional(),
  assign: id.optional(),
  addMember: id.optional(),
  setPriority: z.enum(ConversationPriority).optional(),
  setStatus: z.enum(ConversationStatus).optional(),
  /** The `seq` up to which the author has read. */
  markRead: number,
});

const ExampleFile = z.strictObject({
  /** Seed of the ids. */
  seed: z.string(),
  system: z.enum(SourceSystem),
  account: z.string(),
  setUpAt: time,
  receivedAt: time,
  businessUnit: z.strictObject(entry).optional(),
  channel: z.strictObject({ ...entry, channelType: z.enum(ChannelType) }),
  website: z.strictObject({ ...entry, url: z.string() }).optional(),
  bot: z.strictObject({ ...entry, description: z.string(), avatarUrl: text }).optional(),
  users: z
    .array(
      z.strictObject({
        ...{ ...entry, displayName: z.string(), email: z.string(), avatarUrl: text },
        availability: z.enum(Availability).optional(),
      }),
    )
    .default([]),
  contact: z.strictObject({
    ...{ ...entry, firstName: text, middleName: text, lastName: text, email: text, phoneNumber: text },
    ...{ avatarUrl: text, identifier: text, countryCode: text, location: text, company: text },
    ...{ description: text, language: text, labels: z.array(z.string()).optional() },
    ...{ customAttributes: json.optional(), additionalAttributes: json.optional() },
    contactType: z.enum(ContactType).optional(),
    addresses: z.array(Address).default([]),
    ...{ createdAt: time, updatedAt: time, lastActivityAt: time.optional() },
  }),
  conversation: z.strictObject({
    ...{ externalId: z.string(), externalStatus: text, at: time, publicId: z.string(), uuid: text },
    input: z.strictObject({
      ...{ name: z.string(), detail: text },
      ...{ labels: z.array(z.string()).optional(), bookings: z.array(z.string()).optional() },
      customAttributes: json.optional(),
      reference: z.strictObject({ type: z.enum(ChannelType), target: z.string() }).optional(),
      source: Address.optional(),
      participants: z.array(Address).optional(),
      answers: z
        .array(
          z.strictObject({
            ...{ questionId: z.string(), internalLabel: z.string() },
            ...{ question: z.string(), value: z.string() },
          }),
        )
        .optional(),
    }),
  }),
  steps: z.array(Step),
});

export type Example = z.infer<typeof ExampleFile>;

/** The conversations that upstream systems document, from examples/*.json. Throws when a file is invalid. */
export function loadExamples(): Example[] {
  return z.array(ExampleFile).parse([oncehub, voipbin, chatwoot, imbrace]);
}
