import { crc32, deflateSync } from 'node:zlib';

// Pictures are data URLs, so that the demo needs no other host. PNG, since SVG is refused in input: it may hold scripts.

const COLOURS = ['2f6f8f', '8f4a2f', '3f7d4e', '7a4a8f', 'a3763a', '4a5a8f', '8f3a5c', '3a8a80'];
const SKY = 'cfe3ee';
const WHITE = 'ffffff';
const AVATAR_SIZE = 60;
const AVATAR_SQUARES = 5;
const PNG_SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A picture that is the same for the same name: a symmetric pattern of squares. */
export function avatarOf(name: string): string {
  const seed = crc32(name);
  const square = AVATAR_SIZE / AVATAR_SQUARES;
  return toUrl({ width: AVATAR_SIZE, height: AVATAR_SIZE, colours: [WHITE, colourOf(name)] }, (x, y) => {
    const [column, row] = [Math.floor(x / square), Math.floor(y / square)];
    const mirrored = Math.min(column, AVATAR_SQUARES - 1 - column);
    return (seed >>> (mirrored * AVATAR_SQUARES + row)) & 1;
  });
}

/** A picture that shows a hill under a sky, in a colour of its title. */
export function landscape(title: string, width: number, height: number): string {
  return toUrl({ width, height, colours: [SKY, colourOf(title)] }, (x, y) => {
    const [right, down] = [x / width, y / height];
    const hill = right < 0.35 ? 1 - 2 * right : right < 0.6 ? 1.6 * right - 0.26 : 1.1 - 0.67 * right;
    return down > hill ? 1 : 0;
  });
}

function colourOf(text: string): string {
  const sum = [...text].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return COLOURS[sum % COLOURS.length] ?? SKY;
}

interface Canvas {
  width: number;
  height: number;
  /** RGB in hexadecimal. */
  colours: readonly string[];
}

/** A PNG with a palette, as a data URL. `colourAt` is the index of the colour of a point. */
function toUrl({ width, height, colours }: Canvas, colourAt: (x: number, y: number) => number): string {
  // Eight points in a byte, and a byte before each row: its filter, 0 for none.
  const rowBytes = Math.ceil(width / 8);
  const points = Buffer.alloc((rowBytes + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (rowBytes + 1) + 1 + (x >> 3);
      points[at] = (points[at] ?? 0) | (colourAt(x, y) << (7 - (x & 7)));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // One bit for each point, colours by palette.
  header.set([1, 3], 8);
  const png = Buffer.concat([
    PNG_SIGNATURE,
    toChunk('IHDR', header),
    toChunk('PLTE', Buffer.from(colours.join(''), 'hex')),
    toChunk('IDAT', deflateSync(points, { level: 9 })),
    toChunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

function toChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
