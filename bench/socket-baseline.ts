// Baseline for sockets: a bare server that broadcasts Redis messages. BASELINE selects ws or Socket.IO.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';

const ROOM = 'list';
const { BASELINE = 'ws', CHANNEL = 'bench', REDIS_URL = '' } = process.env;

const server = createServer();
const broadcast = BASELINE === 'ws' ? serveWs() : serveSocketIo();
const redis = new Redis(REDIS_URL);
redis.on('messageBuffer', (_channel: Buffer, message: Buffer) => broadcast(message));
await redis.subscribe(CHANNEL);
server.listen(0, '127.0.0.1', () => {
  console.log(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => process.exit(0));

function serveWs() {
  const sockets = new WebSocketServer({ server });
  return (message: Buffer) => {
    for (const socket of sockets.clients) socket.send(message, { binary: false });
  };
}

function serveSocketIo() {
  const io = new Server(server, { transports: ['websocket'] });
  io.on('connection', (socket) => {
    void socket.join(ROOM);
  });
  return (message: Buffer) => {
    io.to(ROOM).emit('event', JSON.parse(String(message)));
  };
}
