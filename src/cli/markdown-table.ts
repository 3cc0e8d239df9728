/** A table in Markdown. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map(() => '---');
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function inCode(text: string): string {
  return `\`${text}\``;
}
