/** Values as Go's fmt prints them. Source: https://pkg.go.dev/fmt */
import { formatE, formatF, formatG } from '../go-format.ts'
import { RenderProblem, typeName, type Value } from './value.ts'

/** `%v`, and what an action prints. */
export function plain(value: Value): string {
  switch (value.type) {
    case 'float':
      return formatG(value.value, null)
    case 'int':
      return formatF(value.value, 0)
    case 'string':
      return value.value
    case 'bool':
      return String(value.value)
    case 'nil':
      return '<no value>'
    case 'map':
      return shownMap(value.entries)
    case 'sample':
      return `{${shownMap(value.sample.labels)} ${formatG(value.sample.value, null)}}`
    case 'list':
      return `[${value.samples.map((sample) => plain({ type: 'sample', sample })).join(' ')}]`
    case 'data':
      return `{${Object.values(value.fields).map(plain).join(' ')}}`
  }
}

const shownMap = (entries: Readonly<Record<string, string>>) =>
  `map[${Object.keys(entries)
    .sort()
    .map((name) => `${name}:${entries[name]}`)
    .join(' ')}]`

/** Widths and precisions beyond are taken for this. */
const mostPadding = 200
const verbPattern = /%([-+# 0]*)(\d*)(?:\.(\d*))?([a-zA-Z%]?)/g

/** `printf`: verbs that do not fit their argument are shown as Go shows them. */
export function printf(format: string, args: readonly Value[]): string {
  let next = 0
  const printed = format.replace(
    verbPattern,
    (_all, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === '') return '%!(NOVERB)'
      if (verb === '%') return '%'
      const arg = args[next++]
      if (!arg) return `%!${verb}(MISSING)`
      const digits = precision === undefined ? null : Math.min(60, Number(precision))
      const body = formatted(verb, arg, digits, flags)
      return padded(body, Math.min(mostPadding, Number(width)), flags, arg)
    },
  )
  const extra = args.slice(next).map((arg) => `${typeName(arg)}=${plain(arg)}`)
  return extra.length === 0 ? printed : `${printed}%!(EXTRA ${extra.join(', ')})`
}

function padded(body: string, width: number, flags: string, arg: Value): string {
  if (flags.includes('-')) return body.padEnd(width)
  const hasZeros = (arg.type === 'float' || arg.type === 'int') && Number.isFinite(arg.value)
  if (!flags.includes('0') || !hasZeros) return body.padStart(width)
  const sign = /^[+-]/.exec(body)?.[0] ?? ''
  return `${sign}${body.slice(sign.length).padStart(width - sign.length, '0')}`
}

function formatted(verb: string, arg: Value, digits: number | null, flags: string): string {
  const body = verb === 'v' ? ofAny(arg, digits) : verb === 'T' ? typeName(arg) : ofType(verb, arg, digits)
  if (body === null) return `%!${verb}(${typeName(arg)}=${plain(arg)})`
  const isPositive = (arg.type === 'float' || arg.type === 'int') && !/^[+-]/.test(body) && verb !== 'T'
  if (isPositive && flags.includes('+')) return `+${body}`
  return isPositive && flags.includes(' ') ? ` ${body}` : body
}

const ofAny = (arg: Value, digits: number | null) =>
  arg.type === 'float' ? formatG(arg.value, digits) : arg.type === 'nil' ? '<nil>' : plain(arg)

/** Null: the verb does not fit. */
function ofType(verb: string, arg: Value, digits: number | null): string | null {
  switch (arg.type) {
    case 'float':
      return ofFloat(verb, arg.value, digits)
    case 'int':
      return ofInteger(verb, arg.value)
    case 'string':
      return ofText(verb, arg.value, digits)
    case 'bool':
      return verb === 't' ? String(arg.value) : null
    case 'map':
    case 'list':
    case 'sample':
    case 'data':
      return verb === 's' ? plain(arg) : null
    case 'nil':
      return null
  }
}

function ofFloat(verb: string, value: number, digits: number | null): string | null {
  switch (verb) {
    case 'f':
    case 'F':
      return formatF(value, digits ?? 6)
    case 'e':
      return formatE(value, digits ?? 6)
    case 'E':
      return formatE(value, digits ?? 6).replace('e', 'E')
    case 'g':
      return formatG(value, digits)
    case 'G':
      return formatG(value, digits).replace('e', 'E')
    default:
      return null
  }
}

function ofInteger(verb: string, value: number): string | null {
  switch (verb) {
    case 'd':
      return formatF(value, 0)
    case 'b':
      return value.toString(2)
    case 'o':
      return value.toString(8)
    case 'x':
      return value.toString(16)
    case 'X':
      return value.toString(16).toUpperCase()
    case 'c':
      return value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd'
    default:
      return null
  }
}

function ofText(verb: string, value: string, digits: number | null): string | null {
  const cut = digits === null ? value : [...value].slice(0, digits).join('')
  switch (verb) {
    case 's':
      return cut
    case 'q':
      return quoted(cut)
    default:
      return null
  }
}

/** Go's quoted strings differ from JSON's in their escapes for control characters. */
function quoted(value: string): string {
  const named: Readonly<Record<string, string>> = { '\x07': '\\a', '\v': '\\v' }
  return JSON.stringify(value)
    .replace(
      /\\u00([01][0-9a-f])/g,
      (_all, code: string) => named[String.fromCharCode(Number.parseInt(code, 16))] ?? `\\x${code}`,
    )
    .replaceAll('\x7f', '\\x7f')
}

/** `print` puts a space between operands of which neither is a string, `println` between all. */
export function printed(args: readonly Value[], always: boolean): string {
  let line = ''
  for (const [index, arg] of args.entries()) {
    const before = args[index - 1]
    const spaced = before && (always || (before.type !== 'string' && arg.type !== 'string'))
    line += `${spaced ? ' ' : ''}${arg.type === 'nil' ? '<nil>' : plain(arg)}`
  }
  return always ? `${line}\n` : line
}

/** Numbers, and texts that are some. Source: prometheus/template/template.go, convertToFloat. */
export function numberOf(value: Value | undefined): number {
  if (value?.type === 'float' || value?.type === 'int') return value.value
  if (value?.type === 'string') {
    const digits = value.value.replaceAll('_', '')
    if (/^[+-]?(inf|infinity)$/i.test(digits)) return digits.startsWith('-') ? -Infinity : Infinity
    if (/^nan$/i.test(digits)) return Number.NaN
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(digits)) return Number(digits)
    throw new RenderProblem(`expected a number, got ${JSON.stringify(value.value.slice(0, 60))}`)
  }
  throw new RenderProblem(`expected a number, got ${value ? typeName(value) : 'nothing'}`)
}
