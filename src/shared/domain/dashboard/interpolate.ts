/**
 * Puts the values of variables into texts: `$name`, `${name}` and `${name:format}`. In PromQL a value is escaped for the
 * place it goes to, so that a value never ends the string it stands in; what refers to no known variable stays as it is
 * written.
 */

export interface VariableValue {
  /** What is chosen, "all" already replaced by every value there is. */
  readonly values: readonly string[]
  /** As people read them, in the same order. */
  readonly texts: readonly string[]
  /** Several may be chosen: in PromQL it is then an alternative of a regular expression. */
  readonly isMulti: boolean
  /** What the board's author wrote for "all", while all are chosen; goes in as it is. */
  readonly all: string | null
}
export type Scope = ReadonlyMap<string, VariableValue>

/** One value, in all formats the same. */
export function plainValue(value: string): VariableValue {
  return { values: [value], texts: [value], isMulti: false, all: null }
}

const reference = /\$(?:(\w+)|\{(\w+)(?::([\w-]+))?\})/g

/** Names that a text refers to, each once, in order; built-in ones too. */
export function variablesIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(reference), ([, bare, braced]) => bare ?? braced ?? ''))]
}

/** For titles, legends and notes: texts as people read them. */
export function interpolate(text: string, scope: Scope): string {
  return replaced(text, scope, ({ texts, all, values }) =>
    all !== null && values.length === 0 ? 'All' : texts.join(', '),
  )
}

/** For addresses: no value can be more than a part of a path or of a query. */
export function interpolateUrl(text: string, scope: Scope): string {
  return replaced(text, scope, ({ values }) => values.map(percentEncoded).join(','))
}

/**
 * For expressions. Within a string a value is escaped for that string, and for a regular expression where it is one:
 * after `=~` and `!~` for a variable of several values, never after `=` for a single one. Elsewhere values stand as they
 * are, with commas between them.
 */
export function interpolatePromql(expr: string, scope: Scope): string {
  const quotes = quotesAt(expr)
  return replaced(
    expr,
    scope,
    (value, at) => {
      const string = quotes(at)
      if (string === null) return value.all ?? value.values.join(',')
      if (value.all !== null) return value.all
      const before = expr.slice(0, string.start).trimEnd()
      const isEqual = !before.endsWith('=~') && before.endsWith('=')
      const single = value.values.length === 1 ? (value.values[0] ?? '') : null
      const isPlain = single !== null && (!value.isMulti || isEqual || before.endsWith('!='))
      return escapedFor(string.quote, isPlain ? single : alternatives(value.values))
    },
    (text, at) => {
      const string = quotes(at)
      return string === null ? text : escapedFor(string.quote, text)
    },
  )
}

/** `$name` with a format of its own. Unknown formats leave the text as it is. */
const formats: Readonly<Record<string, (value: VariableValue) => string>> = {
  raw: ({ values, all }) => all ?? values.join(','),
  csv: ({ values }) => values.join(','),
  pipe: ({ values, all }) => all ?? values.join('|'),
  regex: ({ values, all }) => all ?? alternatives(values),
  glob: ({ values }) => (values.length === 1 ? (values[0] ?? '') : `{${values.join(',')}}`),
  text: ({ texts }) => texts.join(' + '),
  json: ({ values }) => JSON.stringify(values.length === 1 ? values[0] : values),
  doublequote: ({ values }) => values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(','),
  singlequote: ({ values }) => values.map((value) => `'${value.replace(/['\\]/g, '\\$&')}'`).join(','),
  sqlstring: ({ values }) => values.map((value) => `'${value.replaceAll("'", "''")}'`).join(','),
  percentencode: ({ values }) => values.map(percentEncoded).join(','),
}

/** Formats that write their own quotes: they are for places outside of strings. */
const quoting: readonly string[] = ['doublequote', 'singlequote', 'sqlstring', 'json']

function replaced(
  text: string,
  scope: Scope,
  plain: (value: VariableValue, at: number) => string,
  formatted: (text: string, at: number) => string = (one) => one,
): string {
  return text.replace(reference, (whole, bare, braced, format, at) => {
    const name = bare ?? braced
    const value = scope.get(name)
    if (value === undefined) return whole
    if (format === undefined) return plain(value, at)
    if (format === 'queryparam') return value.values.map((one) => `var-${name}=${percentEncoded(one)}`).join('&')
    const write = Object.hasOwn(formats, format) ? formats[format] : undefined
    if (write === undefined) return whole
    return quoting.includes(format) ? write(value) : formatted(write(value), at)
  })
}

/** Every value as a regular expression that matches it alone. No value at all: one that matches nothing. */
function alternatives(values: readonly string[]): string {
  const escaped = values.map((value) => value.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&'))
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.length === 0 ? '[^\\s\\S]' : escaped.join('|')})`
}

function escapedFor(quote: string, text: string): string {
  // Raw strings have no escapes. A backtick cannot stand in one, and a regular expression knows it by its number.
  if (quote === '`') return text.replaceAll('`', '\\x60')
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}

/** In which string a position lies: its quote and where it begins; null outside. Comments hold no strings. */
function quotesAt(expr: string): (at: number) => { quote: string; start: number } | null {
  const strings: { quote: string; start: number; end: number }[] = []
  for (const match of expr.matchAll(/#[^\n]*|"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?|`[^`]*`?/g)) {
    const quote = match[0].charAt(0)
    if (quote !== '#') strings.push({ quote, start: match.index, end: match.index + match[0].length })
  }
  return (at) => strings.find(({ start, end }) => start < at && at < end) ?? null
}

const percentEncoded = (value: string) =>
  // A half of a surrogate pair has no UTF-8, and encodeURIComponent would throw.
  encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
