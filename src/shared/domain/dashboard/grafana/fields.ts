/**
 * Reading JSON of strangers, field by field: what has another shape than expected is as if it were not there. Nothing is
 * inherited: a field is one of the object's own.
 */

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

export function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined
    return Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined
  }, value)
}

export const listIn = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = field(value, ...path)
  return Array.isArray(found) ? found : []
}

export const textIn = (value: unknown, ...path: readonly string[]): string => {
  const found = field(value, ...path)
  return typeof found === 'string' ? found : ''
}

/** Numbers are often written as text. Null: there is none. */
export const numberIn = (value: unknown, ...path: readonly string[]): number | null => {
  const found = field(value, ...path)
  if (typeof found === 'number') return Number.isFinite(found) ? found : null
  if (typeof found !== 'string' || found.trim() === '') return null
  const number = Number(found)
  return Number.isFinite(number) ? number : null
}

export const isSet = (value: unknown, ...path: readonly string[]): boolean => field(value, ...path) === true

export const has = (value: unknown, ...path: readonly string[]): boolean => {
  const found = field(value, ...path)
  return found !== undefined && found !== null
}

/** At most so many characters; the rest is cut. */
export const clipped = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text

export const wholeWithin = (value: number | null, least: number, most: number, otherwise: number): number =>
  value === null ? otherwise : Math.min(most, Math.max(least, Math.round(value)))

/** `[[name]]` is the older way to write `${name}`. */
export const currentSyntax = (text: string): string =>
  text
    .replace(/\[\[\s*(\w+)(?::([\w-]+))?\s*\]\]/g, (_, name: string, format?: string) =>
      format === undefined ? `\${${name}}` : `\${${name}:${format}}`,
    )
    .replace(/\$\{?__auto_interval_(\w+)\}?/g, (_, name: string) => `\${${name}}`)

/** `/pattern/flags` as a pattern of RE2; what has no slashes is one already. */
export function patternOf(text: string): string {
  const slashed = /^\/([\s\S]*)\/([a-z]*)$/.exec(text)
  const [body, flags] = slashed ? [slashed[1] ?? '', slashed[2] ?? ''] : [text, '']
  const named = body.replace(/\(\?<([A-Za-z]\w*)>/g, '(?P<$1>')
  return flags.includes('i') ? `(?i)${named}` : named
}
