/**
 * The functions of templates: those of Prometheus and those of Go's text/template, as far as they make sense for a line
 * of text. Source: https://prometheus.io/docs/prometheus/latest/configuration/template_reference/
 */
import { RE2JS } from 're2js'
import { parseDurationMs } from '../../promql/duration.ts'
import { humanize, humanize1024, humanizeDuration, humanizePercentage } from '../humanize.ts'
import { areEqual, isLess } from './compare.ts'
import { numberOf, plain, printed, printf } from './go-print.ts'
import { stripDomain, stripPort } from './host-port.ts'
import { instantText } from './instant-text.ts'
import {
  bool,
  float,
  int,
  isTrue,
  labelOf,
  type QueriedSample,
  RenderProblem,
  text,
  typeName,
  type Value,
} from './value.ts'

export interface Surroundings {
  /** What an expression found; throws where that is not known yet. */
  query(expression: string): readonly QueriedSample[]
}

type Call = (args: readonly Value[], surroundings: Surroundings) => Value

interface TemplateFunction {
  readonly call: Call
  /** How many arguments it takes. */
  readonly least: number
  readonly most: number
}

const takes = (count: number, call: Call): TemplateFunction => ({ call, least: count, most: count })
const takesMany = (least: number, call: Call): TemplateFunction => ({ call, least, most: Number.POSITIVE_INFINITY })

const ofNumber = (format: (value: number) => string) => takes(1, ([arg]) => text(format(numberOf(arg))))
const ofText = (change: (given: string) => string) => takes(1, ([arg]) => text(change(textOf(arg))))

function textOf(value: Value | undefined): string {
  if (value?.type === 'string') return value.value
  throw new RenderProblem(`expected a string, got ${value ? typeName(value) : 'nothing'}`)
}

function listOf(value: Value | undefined): readonly QueriedSample[] {
  if (value?.type === 'list') return value.samples
  throw new RenderProblem(`expected what a query found, got ${value ? typeName(value) : 'nothing'}`)
}

function sampleOf(value: Value | undefined): QueriedSample {
  if (value?.type === 'sample') return value.sample
  throw new RenderProblem(`expected one sample of a query, got ${value ? typeName(value) : 'nothing'}`)
}

function pattern(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RenderProblem(`expected a regular expression as RE2 knows it, got ${JSON.stringify(source)}: ${why}`)
  }
}

const ordered = (holds: (a: Value, b: Value) => boolean) =>
  takes(2, ([a, b]) => bool(a !== undefined && b !== undefined && holds(a, b)))

export const functions: Readonly<Record<string, TemplateFunction>> = {
  humanize: ofNumber(humanize),
  humanize1024: ofNumber(humanize1024),
  humanizeDuration: ofNumber(humanizeDuration),
  humanizePercentage: ofNumber(humanizePercentage),
  humanizeTimestamp: ofNumber(instantText),
  parseDuration: takes(1, ([arg]) => float(secondsIn(textOf(arg)))),

  title: ofText((given) =>
    given.replace(/(^|[^\p{L}\p{N}_])(\p{Ll})/gu, (_all, before, letter) => `${before}${letter.toUpperCase()}`),
  ),
  toUpper: ofText((given) => given.toUpperCase()),
  toLower: ofText((given) => given.toLowerCase()),
  stripPort: ofText(stripPort),
  stripDomain: ofText(stripDomain),
  match: takes(2, ([source, given]) => bool(pattern(textOf(source)).matcher(textOf(given)).find())),
  reReplaceAll: takes(3, ([source, replacement, given]) =>
    text(replaced(textOf(source), textOf(replacement), textOf(given))),
  ),
  safeHtml: ofText((given) => given),
  graphLink: ofText((given) => `/graph?g0.expr=${escapedForQuery(given)}&g0.tab=0`),
  tableLink: ofText((given) => `/graph?g0.expr=${escapedForQuery(given)}&g0.tab=1`),

  query: takes(1, ([arg], { query }) => ({ type: 'list', samples: query(textOf(arg)) })),
  first: takes(1, ([arg]) => {
    const [sample] = listOf(arg)
    if (!sample) throw new RenderProblem('first() called on vector with no elements')
    return { type: 'sample', sample }
  }),
  value: takes(1, ([arg]) => float(sampleOf(arg).value)),
  label: takes(2, ([name, arg]) => text(labelOf(sampleOf(arg).labels, textOf(name)))),
  strvalue: takes(1, ([arg]) => text(labelOf(sampleOf(arg).labels, '__value__'))),
  sortByLabel: takes(2, ([name, arg]) => {
    const by = textOf(name)
    const key = ({ labels }: QueriedSample) => labelOf(labels, by)
    return { type: 'list', samples: listOf(arg).toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)) }
  }),

  printf: takesMany(1, ([format, ...args]) => text(printf(textOf(format), args))),
  print: takesMany(0, (args) => text(printed(args, false))),
  println: takesMany(0, (args) => text(printed(args, true))),
  html: takesMany(1, (args) => text(escapedForHtml(printed(args, false)))),
  urlquery: takesMany(1, (args) => text(escapedForQuery(printed(args, false)))),
  len: takes(1, ([arg]) => int(lengthOf(arg))),
  index: takesMany(1, ([given, ...keys]) => keys.reduce(entryOf, given ?? { type: 'nil' })),
  not: takes(1, ([arg]) => bool(arg !== undefined && !isTrue(arg))),
  eq: takesMany(2, ([first, ...others]) => bool(others.some((other) => first !== undefined && areEqual(first, other)))),
  ne: ordered((a, b) => !areEqual(a, b)),
  lt: ordered(isLess),
  le: ordered((a, b) => isLess(a, b) || areEqual(a, b)),
  gt: ordered((a, b) => !isLess(a, b) && !areEqual(a, b)),
  ge: ordered((a, b) => !isLess(a, b)),
}

/** These look at their arguments one after the other, and only as far as they must. */
export const lazyFunctions: readonly string[] = ['and', 'or']

function secondsIn(given: string): number {
  const durationMs = parseDurationMs(given)
  if (durationMs === null) throw new RenderProblem(`expected a duration such as 5m, got ${JSON.stringify(given)}`)
  return durationMs / 1000
}

/** Go writes `$1`, `${1}` and `${name}`, and a longer `$1x` names a group "1x", which is empty. */
function replaced(source: string, replacement: string, given: string): string {
  const compiled = pattern(source)
  const groups = compiled.namedGroups()
  const matcher = compiled.matcher(given)
  let result = ''
  let at = 0
  while (matcher.find()) {
    result += given.slice(at, matcher.start()) + expanded(replacement)
    at = matcher.end()
  }
  return result + given.slice(at)

  function expanded(template: string): string {
    return template.replace(
      /\$(?:\$|(\w+)|\{(\w+)\})/g,
      (all, bare: string | undefined, braced: string | undefined) => {
        const name = bare ?? braced
        if (name === undefined) return all === '$$' ? '$' : all
        const group = /^\d+$/.test(name) ? Number(name) : groups[name]
        if (group === undefined || group > matcher.groupCount()) return ''
        return matcher.group(group) ?? ''
      },
    )
  }
}

function lengthOf(value: Value | undefined): number {
  switch (value?.type) {
    case 'string':
      return escapedBytes(value.value).replace(/%../g, 'x').length
    case 'map':
      return Object.keys(value.entries).length
    case 'list':
      return value.samples.length
    default:
      throw new RenderProblem(`expected something with a length, got ${value ? typeName(value) : 'nothing'}`)
  }
}

function entryOf(value: Value, key: Value): Value {
  if (value.type === 'map') return text(labelOf(value.entries, textOf(key)))
  if (value.type === 'list' && key.type === 'int') {
    const sample = value.samples[key.value]
    if (sample) return { type: 'sample', sample }
    throw new RenderProblem(`index out of range: ${key.value} of ${value.samples.length}`)
  }
  throw new RenderProblem(`cannot look up ${plain(key)} in ${typeName(value)}`)
}

const htmlEscapes: Readonly<Record<string, string>> = {
  ...{ '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&#34;', '\0': '\ufffd' },
}
const escapedForHtml = (given: string) => given.replace(/[<>&'"\0]/g, (one) => htmlEscapes[one] ?? one)

const escapedForQuery = (given: string) =>
  escapedBytes(given)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')

/** Half a character, which no text in UTF-8 can hold, becomes the sign for that. */
const escapedBytes = (given: string) => encodeURIComponent(given.replace(/\p{Surrogate}/gu, '\ufffd'))
