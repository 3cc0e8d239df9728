import { randomBytes } from 'node:crypto';

/** Who joins a call. */
export interface CallParticipant {
  id: string;
  name: string;
  email?: string | null | undefined;
  avatarUrl?: string | null | undefined;
}

/** A service that video calls are held at. It is never called from here: links are signed, and rooms open when somebody joins. */
export interface VideoProvider {
  /** Its name in contentAttributes.provider. */
  readonly name: string;
  /** The name of a new room for this call. */
  createRoomName(callId: string): string;
  /** This person's own link into the room, for nobody else. */
  createJoinUrl(room: string, person: CallParticipant, options: { isModerator: boolean }): Promise<string>;
}

/** How long after a link was given out one can join by it. */
export const LINK_LIFETIME_SECONDS = 2 * 60 * 60;

/** A name that nobody guesses, in lower case, since not every service tells cases apart. It begins with the call's id. */
export function createRoomName(callId: string): string {
  return `${callId.toLowerCase()}-${randomBytes(20).toString('hex')}`;
}

/** Whether the room was made for this call: a link into a room of somebody else must not be had by naming it. */
export function isRoomForCall(callId: string, room: string): boolean {
  return room.startsWith(`${callId.toLowerCase()}-`);
}
