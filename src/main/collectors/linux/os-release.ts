/** /etc/os-release as fields. Source: man 5 os-release: shell-like assignments, quotes and backslashes. */
export function parseOsRelease(text: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name, quoted] = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined && quoted !== undefined) fields.set(name, unquoted(quoted))
  }
  return Object.fromEntries(fields)
}

function unquoted(text: string): string {
  const inner = /^"(.*)"$/.exec(text)?.[1] ?? /^'(.*)'$/.exec(text)?.[1]
  return (inner ?? text).replace(/\\(["$`\\])/g, '$1')
}
