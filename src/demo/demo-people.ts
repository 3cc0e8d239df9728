import { stableId } from '../ids.ts';

/** People whose tokens are printed, with ids that never change, so that tokens and bookmarks stay valid. */
export const DEMO = {
  organizationId: stableId('Organization', 'demo'),
  agentId: stableId('User', 'demo:maya'),
  adminId: stableId('User', 'demo:grace'),
  contactId: stableId('Contact', 'demo:olivia'),
  botId: stableId('Bot', 'demo:compass'),
} as const;
