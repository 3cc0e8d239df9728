import { isTeam } from '../../domain/core/viewer.ts';
import { builder } from '../core/builder.ts';
import { Conversation, MEMBER_ORDER } from './conversation.ts';

const READ_POSITIONS = {
  orderBy: MEMBER_ORDER,
  select: { userId: true, lastReadSeq: true, readCount: true },
};

// How far everybody has read.
builder.prismaObjectFields(Conversation, (t) => ({
  lastSeq: t.int({
    visibility: 'public',
    description:
      "Number of the newest message that the viewer may see. For whoever reads them, messages count 1, 2, 3 … without a hole: a contact's numbers skip the team's notes.",
    select: { lastSeq: true, lastPublicSeq: true },
    resolve: (row, _args, { viewerSide }) => (viewerSide === 'team' ? row.lastSeq : row.lastPublicSeq),
  }),
  viewerLastReadSeq: t.int({
    visibility: 'public',
    description:
      'Number of the last message that the viewer has read; 0 for who is neither a member nor the contact.',
    select: { members: READ_POSITIONS, contactLastReadPublicSeq: true },
    resolve: (row, _args, { viewer }) =>
      isTeam(viewer)
        ? (row.members.find((member) => member.userId === viewer.id)?.lastReadSeq ?? 0)
        : row.contactLastReadPublicSeq,
  }),
  contactLastReadSeq: t.int({
    visibility: 'public',
    description: 'Number of the last message that the contact has read.',
    select: { contactLastReadSeq: true, contactLastReadPublicSeq: true },
    resolve: (row, _args, { viewerSide }) =>
      viewerSide === 'team' ? row.contactLastReadSeq : row.contactLastReadPublicSeq,
  }),
  unreadCount: t.int({
    visibility: 'public',
    description:
      'Messages from the other side that the viewer has not read, if they are a member or the contact; else 0. Exact, however many.',
    select: {
      members: READ_POSITIONS,
      incomingCount: true,
      publicOutgoingCount: true,
      contactReadCount: true,
    },
    resolve: (row, _args, { viewer }) => {
      if (!isTeam(viewer)) return row.publicOutgoingCount - row.contactReadCount;
      const mark = row.members.find((member) => member.userId === viewer.id);
      return mark ? row.incomingCount - mark.readCount : 0;
    },
  }),
  contactLastSeenAt: t.expose('contactLastSeenAt', {
    type: 'DateTime',
    nullable: true,
    visibility: 'public',
    description: 'When the contact last looked at it.',
  }),
  agentLastSeenAt: t.expose('agentLastSeenAt', {
    type: 'DateTime',
    nullable: true,
    visibility: 'public',
    description: 'When a team member last looked at it.',
  }),
}));
