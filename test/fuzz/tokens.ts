// Short tokens in a text that stand for something long, or for an id of the scene. They are replaced when the text is sent.

/** `count` times the unit. */
export function repeat(unit: string, count: number): string {
  return `{{repeat:${encodeURIComponent(unit)}:${count}}}`;
}

/** A list or an object nested this deep. Stands in quotes, which go with it. */
export function nest(kind: string, depth: number): string {
  return `{{nest:${kind === '[' ? 'list' : 'object'}:${depth}}}`;
}

/** Replaces the tokens. `ids`: ids by their names. */
export function expand(text: string, ids: Readonly<Record<string, string>>): string {
  return text
    .replaceAll(/"\{\{list:([^:]*(?:\\"[^:]*)*):(\d+)\}\}"/g, (_token, item: string, count: string) => {
      const entry = item.replaceAll('\\"', '"');
      return `[${Array(Number(count)).fill(entry).join(',')}]`;
    })
    .replaceAll(/"\{\{nest:(\w+):(\d+)\}\}"/g, (_token, kind: string, depth: string) =>
      kind === 'list'
        ? '['.repeat(Number(depth)) + ']'.repeat(Number(depth))
        : `${'{"a":'.repeat(Number(depth))}1${'}'.repeat(Number(depth))}`,
    )
    .replaceAll(/\{\{repeat:([^:]*):(\d+)\}\}/g, (_token, unit: string, count: string) =>
      JSON.stringify(decodeURIComponent(unit)).slice(1, -1).repeat(Number(count)),
    )
    .replaceAll(/\{\{id:([\w.]+)\}\}/g, (_token, name: string) => ids[name] ?? 'CVR-NONE');
}
