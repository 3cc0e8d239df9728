import { stableId } from '../ids.ts';

/** Who a visitor of the demo can be; the same at every start, so that tokens and bookmarks stay good. */
export const DEMO = {
  organizationId: stableId('Organization', 'demo'),
  agentId: stableId('User', 'demo:maya'),
  adminId: stableId('User', 'demo:grace'),
  contactId: stableId('Contact', 'demo:olivia'),
  botId: stableId('Bot', 'demo:compass'),
} as const;
