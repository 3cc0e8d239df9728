// Pictures are data URLs, so that the demo needs no other host.

const COLOURS = ['#2f6f8f', '#8f4a2f', '#3f7d4e', '#7a4a8f', '#a3763a', '#4a5a8f', '#8f3a5c', '#3a8a80'];

/** A round picture with the initials of a name. */
export function avatarOf(name: string): string {
  const initials = name
    .split(' ')
    .map((word) => [...word].at(0) ?? '')
    .slice(0, 2)
    .join('');
  return toUrl(
    64,
    64,
    `<circle cx="32" cy="32" r="32" fill="${colourOf(name)}"/>${label(32, 41, 24, initials)}`,
  );
}

/** A picture that shows hills under a sky, and its title. */
export function landscape(title: string, width: number, height: number): string {
  const hills = `<rect width="${width}" height="${height}" fill="#cfe3ee"/><path d="M0 ${height}L${width * 0.35} ${height * 0.3}L${width * 0.6} ${height * 0.7}L${width * 0.8} ${height * 0.45}L${width} ${height}z" fill="${colourOf(title)}"/>`;
  return toUrl(width, height, hills + label(width / 2, height * 0.92, height / 14, title));
}

function label(x: number, y: number, size: number, text: string): string {
  const shown = text.replaceAll('&', '').replaceAll('<', '');
  return `<text x="${x}" y="${y}" font-size="${size}" font-family="sans-serif" text-anchor="middle" fill="#fff">${shown}</text>`;
}

function colourOf(text: string): string {
  const sum = [...text].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return COLOURS[sum % COLOURS.length] ?? '#2f6f8f';
}

function toUrl(width: number, height: number, drawing: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${drawing}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
