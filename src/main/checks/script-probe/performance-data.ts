/**
 * What plugins say: a line for people, more lines, and figures behind a bar. Pure; what is not understood is left out.
 * Source: monitoring-plugins.org, "Plugin Output for Nagios" and "Performance data" in the development guidelines.
 */

export interface PerformanceFigure {
  readonly label: string
  /** In the base unit: seconds and bytes, whatever multiple was said. */
  readonly value: number
  /** `seconds`, `bytes`, `percent`, `count` of a counter, empty, or the unit as it was said. */
  readonly unit: string
  /** Where they are plain numbers and no ranges; in the same unit. */
  readonly warning: number | null
  readonly critical: number | null
}

export interface PluginOutput {
  /** The first line, without its figures. */
  readonly summary: string
  /** In the order they were said. */
  readonly figures: readonly PerformanceFigure[]
}

const mostFigures = 200
const longestLabel = 120

export function readPluginOutput(text: string): PluginOutput {
  const [first = '', ...rest] = text.split('\n')
  const [summary = '', figuresOfFirst = ''] = splitOnce(first, '|')
  const [, figuresOfRest = ''] = splitOnce(rest.join('\n'), '|')
  return { summary: summary.trim(), figures: readFigures(`${figuresOfFirst} ${figuresOfRest}`) }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function readFigures(text: string): PerformanceFigure[] {
  const figures = new Map<string, PerformanceFigure>()
  for (let at = 0; at < text.length && figures.size < mostFigures; ) {
    const { label, endsAt } = readLabel(text, at)
    at = wordEnd(text, endsAt)
    if (label === '' || text[endsAt] !== '=') continue
    const read = readFigure(label.slice(0, longestLabel), text.slice(endsAt + 1, at))
    if (read !== null && !figures.has(read.label)) figures.set(read.label, read)
  }
  return [...figures.values()]
}

/** From a place on, without the spaces before it. A label with spaces stands in single quotes, doubled inside. */
function readLabel(text: string, from: number): { label: string; endsAt: number } {
  let at = from
  while (isSpace(text[at])) at++
  if (text[at] !== "'") {
    const startsAt = at
    while (at < text.length && text[at] !== '=' && !isSpace(text[at])) at++
    return { label: text.slice(startsAt, at), endsAt: at }
  }
  const startsAt = at + 1
  for (at = text.indexOf("'", startsAt); at >= 0 && text[at + 1] === "'"; ) at = text.indexOf("'", at + 2)
  if (at < 0) return { label: '', endsAt: text.length }
  return { label: text.slice(startsAt, at).replaceAll("''", "'"), endsAt: at + 1 }
}

function wordEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && !isSpace(text[at])) at++
  return at
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r'
}

function readFigure(label: string, said: string): PerformanceFigure | null {
  const [valueText = '', warning = '', critical = ''] = said.split(';')
  const [, number, unitText = ''] = /^(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([^\d;]*)$/i.exec(valueText) ?? []
  // `U` says that the plugin could not find out.
  if (number === undefined) return null
  const { unit, factor } = (Object.hasOwn(units, unitText) ? units[unitText] : undefined) ?? {
    unit: unitText.slice(0, 20),
    factor: 1,
  }
  const limit = (text: string) => (/^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) * factor : null)
  return { label, value: Number(number) * factor, unit, warning: limit(warning), critical: limit(critical) }
}

/** Plugins mean powers of 1024 by KB, whatever the letters say elsewhere. */
const units: Readonly<Record<string, { readonly unit: string; readonly factor: number }>> = {
  '': { unit: '', factor: 1 },
  s: { unit: 'seconds', factor: 1 },
  ms: { unit: 'seconds', factor: 1e-3 },
  us: { unit: 'seconds', factor: 1e-6 },
  '%': { unit: 'percent', factor: 1 },
  B: { unit: 'bytes', factor: 1 },
  KB: { unit: 'bytes', factor: 2 ** 10 },
  KiB: { unit: 'bytes', factor: 2 ** 10 },
  MB: { unit: 'bytes', factor: 2 ** 20 },
  MiB: { unit: 'bytes', factor: 2 ** 20 },
  GB: { unit: 'bytes', factor: 2 ** 30 },
  GiB: { unit: 'bytes', factor: 2 ** 30 },
  TB: { unit: 'bytes', factor: 2 ** 40 },
  TiB: { unit: 'bytes', factor: 2 ** 40 },
  c: { unit: 'count', factor: 1 },
}
