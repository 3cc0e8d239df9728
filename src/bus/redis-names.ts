// Names of all Redis channels and keys. Nodes of different versions share one Redis while they are replaced one by one, so
// neither a name nor the format of what it holds may change its meaning.

/** Channels of the bus. */
export const CHANNELS = {
  /** Events of one organization's log in one epoch; a message is a `LogEvent` as JSON. */
  log: (organizationId: string, epoch: Uint8Array) =>
    `parley:${organizationId}:${Buffer.from(epoch).toString('hex')}`,
  /** Activity in an organization's conversations; a message is an `ActivityReport` as JSON. */
  activity: (organizationId: string) => `parley:activity:${organizationId}`,
  /** Changes of presence in an organization; a message is the id of a user, contact or bot. */
  presence: (organizationId: string) => `parley:presence:${organizationId}`,
  /** Changes of viewers' rights in all organizations; a message is a `ViewerChange` as JSON. */
  viewers: () => 'parley:viewers',
};

/** Keys of stored values. */
export const KEYS = {
  /** Activity in one conversation: a hash from actor id to `<expiry in ms since 1970> <activity>`. */
  activity: (organizationId: string, conversationId: string) =>
    `parley:activity:${organizationId}:${conversationId}`,
  /** Nodes with connections of an organization: a sorted set of node ids by their expiry in ms since 1970. */
  presenceNodes: (organizationId: string) => `parley:online:${organizationId}`,
  /** Actors of an organization that are connected to one node: a set of ids. */
  presenceActors: (organizationId: string, nodeId: string) => `parley:online:${organizationId}:${nodeId}`,
  /** Prefix of what the nodes together have counted for a rate limit: a number for each viewer, organization or address. */
  rate: (name: string) => `parley:rate:${name}`,
};
