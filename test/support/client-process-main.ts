import WebSocket from 'ws';

// Websocket clients in a separate process, so that they don't share the server's event loop. Forked by client-process.ts.

export interface OpenRequest {
  url: string;
  tokens: string[];
  query: string;
  variables: object;
}

/** Frames received by one client, in order of arrival. */
export interface Received {
  cursors: string[];
  /** Arrival time of each frame, in milliseconds since 1970. */
  times: number[];
  /** Reason of each `ResetRequired`. */
  resets: string[];
}

export type Command =
  | { do: 'open'; group: string; opening: OpenRequest }
  /** Stops reading from the sockets. */
  | { do: 'pause'; group: string }
  /** Waits until each client of the group has `frames` new frames, and returns them. */
  | { do: 'await'; group: string; frames: number }
  /** Reads again, resubscribing after a reset, until each client is live. */
  | { do: 'resume'; group: string };

interface Frame {
  type: string;
  payload?: {
    data: { live: { __typename: string; reason?: string; resumeAfter?: string } };
    extensions?: { cursor?: string };
  };
}

type RemoteClient = Awaited<ReturnType<typeof openClient>>;

async function openClient({ url, query, variables }: Omit<OpenRequest, 'tokens'>, token: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  let received: Received = { cursors: [], times: [], resets: [] };
  let look = () => {};
  let operations = 0;
  let live = () => {};
  let broken: (error: Error) => void = () => {};

  function subscribe(after?: string) {
    operations += 1;
    const payload = { query, variables: { ...variables, after } };
    socket.send(JSON.stringify({ id: String(operations), type: 'subscribe', payload }));
  }

  socket.on('close', (code) => broken(new Error(`closed with ${code}`)));
  socket.on('message', (data) => {
    const time = performance.timeOrigin + performance.now();
    const { type, payload }: Frame = JSON.parse(String(data));
    if (type === 'connection_ack') return subscribe();
    if (type === 'error') return broken(new Error(String(data)));
    if (type !== 'next' || !payload) return;
    const { __typename, reason = '', resumeAfter } = payload.data.live;
    if (__typename === 'CaughtUp') return live();
    if (__typename === 'ResetRequired') {
      received.resets.push(reason);
      return subscribe(resumeAfter);
    }
    received.cursors.push(payload.extensions?.cursor ?? '');
    received.times.push(time);
    look();
  });

  function whenLive() {
    return new Promise<void>((resolve, reject) => {
      [live, broken] = [resolve, reject];
    });
  }
  const opened = whenLive();
  socket.once('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
  );
  socket.once('error', (error) => broken(error));
  await opened;

  function take(): Received {
    const taken = received;
    received = { cursors: [], times: [], resets: [] };
    return taken;
  }

  return {
    pause: () => socket.pause(),
    async resume(): Promise<Received> {
      const isLive = whenLive();
      socket.resume();
      await isLive;
      return take();
    },
    awaitFrames(frames: number): Promise<Received> {
      return new Promise((resolve, reject) => {
        broken = reject;
        look = () => {
          if (received.cursors.length < frames) return;
          look = () => {};
          resolve(take());
        };
        look();
      });
    },
  };
}

const groups = new Map<string, RemoteClient[]>();

async function execute(order: Command): Promise<Received[]> {
  const group = groups.get(order.group) ?? [];
  switch (order.do) {
    case 'open': {
      const { tokens, ...opening } = order.opening;
      for (const token of tokens) group.push(await openClient(opening, token));
      groups.set(order.group, group);
      return [];
    }
    case 'pause':
      for (const client of group) client.pause();
      return [];
    case 'await':
      return Promise.all(group.map((client) => client.awaitFrames(order.frames)));
    case 'resume':
      return Promise.all(group.map((client) => client.resume()));
  }
}

process.on('message', ({ id, order }: { id: number; order: Command }) => {
  execute(order).then(
    (received) => process.send?.({ id, received }),
    (error) => process.send?.({ id, error: String(error) }),
  );
});
