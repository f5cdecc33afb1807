/** Writes what was read, so that it is read as the same again. */
import type { ExpositionEntry } from './parse-exposition.ts'
import type { ExpositionFormat } from './parser.ts'

/** In the order of the entries. The text format has no units: they are left out of it. */
export function writeExposition(entries: readonly ExpositionEntry[], format: ExpositionFormat): string {
  const lines = entries.flatMap((entry) => {
    if (entry.type === 'sample') return [sampleLine(entry, format)]
    if (format === 'text' && entry.kind === 'unit') return []
    const text = entry.kind === 'help' ? escapedHelp(entry.text) : typeText(entry.text, format)
    return [`# ${entry.kind.toUpperCase()} ${isPlain(entry.metric) ? entry.metric : quoted(entry.metric)} ${text}\n`]
  })
  return `${lines.join('')}${format === 'openmetrics' ? '# EOF\n' : ''}`
}

function sampleLine(entry: Extract<ExpositionEntry, { type: 'sample' }>, format: ExpositionFormat): string {
  const pairs = Object.entries(entry.labels).map(
    ([label, value]) => `${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : quoted(label)}=${quoted(value)}`,
  )
  const isNamePlain = isPlain(entry.name)
  const inBraces = isNamePlain ? pairs : [quoted(entry.name), ...pairs]
  const series = `${isNamePlain ? entry.name : ''}${inBraces.length > 0 ? `{${inBraces.join(',')}}` : ''}`
  const at = entry.at === null ? '' : ` ${format === 'text' ? wholeText(entry.at) : secondsText(entry.at)}`
  return `${series} ${valueText(entry.value)}${at}\n`
}

/** A type as the format spells it; a unit as it is. */
const typeText = (text: string, format: ExpositionFormat) =>
  text === 'unknown' && format === 'text' ? 'untyped' : text

const isPlain = (name: string) => /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)

const quoted = (text: string) => `"${text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`

const escapedHelp = (text: string) => text.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'))

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

const wholeText = (at: number) => (Math.abs(at) < 1e21 ? String(at) : BigInt(at).toString())

function secondsText(at: number): string {
  if (!Number.isSafeInteger(at)) return String(at / 1000)
  const sign = at < 0 ? '-' : ''
  const [seconds, rest] = [Math.floor(Math.abs(at) / 1000), Math.abs(at) % 1000]
  return `${sign}${seconds}${rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`}`
}
