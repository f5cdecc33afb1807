/** `{{name}}` in texts: a value is put in as it is, and nothing else can be said. Pure. */

const placeholder = /\{\{\s*([A-Za-z_]\w*)\s*\}\}/g

export type Values = ReadonlyMap<string, string>

/** Every name must be known; see `namesIn`. */
export function filled(text: string, values: Values): string {
  return text.replace(placeholder, (whole, name: string) => values.get(name) ?? whole)
}

export function namesIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name)
}
