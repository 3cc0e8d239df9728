import { randomBytes } from 'node:crypto';

/** Person for whom a link into a call is signed. All participants can read what it holds: no address of theirs. */
export interface CallParticipant {
  id: string;
  name: string;
}

/** Video service. Parley sends no requests to it: links are signed here, and a room opens when the first participant joins. */
export interface VideoProvider {
  /** Name in contentAttributes.provider. */
  readonly name: string;
  /** Random name of a room that belongs to this call. */
  createRoomName(callId: string): string;
  /** Personal link into the room. It must not be shown to anybody else. */
  createJoinUrl(room: string, person: CallParticipant, options: { isModerator: boolean }): Promise<string>;
}

/** Lifetime of a link. */
export const LINK_LIFETIME_SECONDS = 2 * 60 * 60;

/** Random name that begins with the id of the call. In lower case, as some services ignore case. */
export function createRoomName(callId: string): string {
  return `${callId.toLowerCase()}-${randomBytes(20).toString('hex')}`;
}

/** Whether the room belongs to this call. Prevents that a message with another call's room gives a link into it. */
export function isRoomForCall(callId: string, room: string): boolean {
  return room.startsWith(`${callId.toLowerCase()}-`);
}
