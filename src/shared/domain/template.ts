/**
 * Annotations of rules: the logic-less part of Prometheus's templates. A template is compiled once, when its rule is
 * loaded, so that a mistake is named with the rule and not met at three in the morning. Nothing in a template can run
 * code, loop or ask for data: it prints labels and the value through a closed set of functions.
 */
import { formatE, formatF, formatG } from './go-format.ts'
import { humanize, humanize1024, humanizeDuration, humanizePercentage } from './humanize.ts'
import type { Labels } from './series.ts'

interface TemplateInput {
  readonly labels: Labels
  readonly value: number
}

export type Template = (input: TemplateInput) => string

/** Wrong templates are values: what was expected, and what came. */
export type Compiled =
  | { readonly ok: true; readonly render: Template }
  | { readonly ok: false; readonly problem: string }

type Term = (input: TemplateInput) => string | number
type TemplateFunction = (args: readonly (string | number)[]) => string | number

const ofNumber =
  (format: (value: number) => string): TemplateFunction =>
  (args) =>
    format(Number(args[0]))

const ofText =
  (change: (text: string) => string): TemplateFunction =>
  (args) =>
    change(shown(args[0] ?? ''))

/** Each with the number of its arguments; null: one or more. */
const functions: Readonly<Record<string, readonly [call: TemplateFunction, count: number | null]>> = {
  humanize: [ofNumber(humanize), 1],
  humanize1024: [ofNumber(humanize1024), 1],
  humanizeDuration: [ofNumber(humanizeDuration), 1],
  humanizePercentage: [ofNumber(humanizePercentage), 1],
  title: [ofText((text) => text.replace(/(^|\s)\S/g, (first) => first.toUpperCase())), 1],
  toUpper: [ofText((text) => text.toUpperCase()), 1],
  toLower: [ofText((text) => text.toLowerCase()), 1],
  printf: [(args) => printed(shown(args[0] ?? ''), args.slice(1)), null],
}

/** Compiles `{{ ... }}` actions; text around them stays as it is. */
export function compileTemplate(text: string): Compiled {
  const parts: Template[] = []
  let rest = 0
  let trimNext = false
  for (const action of text.matchAll(/\{\{(-\s)?\s*((?:"(?:[^"\\]|\\.)*"|`[^`]*`|(?!\}\}).)*?)\s*(\s-)?\}\}/gs)) {
    let before = text.slice(rest, action.index)
    if (before.includes('{{')) return unclosed
    if (trimNext) before = before.trimStart()
    if (action[1] !== undefined) before = before.trimEnd()
    parts.push(() => before)
    const source = action[2] ?? ''
    if (!/^\/\*.*\*\/$/s.test(source)) {
      const pipeline = compilePipeline(source)
      if (!pipeline.ok) return pipeline
      parts.push((input) => shown(pipeline.term(input)))
    }
    trimNext = action[3] !== undefined
    rest = action.index + action[0].length
  }
  const tail = trimNext ? text.slice(rest).trimStart() : text.slice(rest)
  if (tail.includes('{{')) return unclosed
  return { ok: true, render: (input) => `${parts.map((part) => part(input)).join('')}${tail}` }
}

const unclosed = { ok: false, problem: 'expected "}}" after "{{"' } as const

type CompiledTerm = { readonly ok: true; readonly term: Term } | { readonly ok: false; readonly problem: string }

/** `$value | humanize`, `humanize $value`, `printf "%.2f" $value`; a pipe hands its left side over as last argument. */
function compilePipeline(source: string): CompiledTerm {
  const words = source.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|\||[^\s|]+/g) ?? []
  const commands: string[][] = [[]]
  for (const word of words) {
    if (word === '|') commands.push([])
    else commands.at(-1)?.push(word)
  }
  let piped: Term | null = null
  for (const command of commands) {
    const compiled = compileCommand(command, piped)
    if (!compiled.ok) return compiled
    piped = compiled.term
  }
  return piped ? { ok: true, term: piped } : { ok: false, problem: 'expected an expression between {{ and }}' }
}

function compileCommand(command: readonly string[], piped: Term | null): CompiledTerm {
  const [head, ...rest] = command
  if (head === undefined) return { ok: false, problem: 'expected an expression between {{ and }}' }
  if (head === 'index' && rest.length === 2 && (rest[0] === '$labels' || rest[0] === '.Labels')) {
    const name = literalOf(rest[1] ?? '')
    if (typeof name === 'string') return { ok: true, term: labelNamed(name) }
  }
  const known = Object.hasOwn(functions, head) ? functions[head] : undefined
  if (!known) {
    const term = operandOf(head)
    if (term && rest.length === 0 && piped === null) return { ok: true, term }
    return { ok: false, problem: `expected $value, $labels.NAME or one of ${names}, got "${command.join(' ')}"` }
  }
  const args: Term[] = []
  for (const word of rest) {
    const term = operandOf(word)
    if (!term) return { ok: false, problem: `expected $value, $labels.NAME, a string or a number, got "${word}"` }
    args.push(term)
  }
  if (piped) args.push(piped)
  const [call, count] = known
  if (count === null ? args.length === 0 : args.length !== count) {
    return { ok: false, problem: `${head} takes ${count ?? 'at least one'} argument, got ${args.length}` }
  }
  if (head === 'printf') {
    const problem = printfProblem(literalOf(rest[0] ?? ''), args.length - 1)
    if (problem) return { ok: false, problem }
  }
  return { ok: true, term: (input) => call(args.map((arg) => arg(input))) }
}

const names = Object.keys(functions).join(', ')

function operandOf(word: string): Term | null {
  if (word === '$value' || word === '.Value') return ({ value }) => value
  const label = /^(?:\$labels|\.Labels)\.([a-zA-Z_]\w*)$/.exec(word)?.[1]
  if (label !== undefined) return labelNamed(label)
  const literal = literalOf(word)
  return literal === null ? null : () => literal
}

const labelNamed =
  (name: string): Term =>
  ({ labels }) =>
    Object.hasOwn(labels, name) ? (labels[name] ?? '') : ''

function literalOf(word: string): string | number | null {
  if (/^`[^`]*`$/.test(word)) return word.slice(1, -1)
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(word)) return Number(word)
  if (!/^"(?:[^"\\]|\\.)*"$/s.test(word)) return null
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' }
  return word.slice(1, -1).replace(/\\(.)/gs, (_all, character: string) => escapes[character] ?? character)
}

const shown = (term: string | number) => (typeof term === 'number' ? formatG(term, null) : term)

const verbs = /%(-?)(\d*)(?:\.(\d+))?([a-zA-Z%])/g

function printfProblem(format: string | number | null, count: number): string | null {
  if (typeof format !== 'string') return 'printf begins with a format such as "%.2f"'
  const used = [...format.matchAll(verbs)].map((verb) => verb[4] ?? '')
  const foreign = used.find((verb) => !'vsdfgeq%'.includes(verb))
  if (foreign) return `printf knows %v %s %d %f %g %e %q %%, got %${foreign}`
  const wanted = used.filter((verb) => verb !== '%').length
  return wanted === count ? null : `printf "${format}" needs ${wanted} values, got ${count}`
}

function printed(format: string, args: readonly (string | number)[]): string {
  let next = 0
  return format.replace(verbs, (_all, minus: string, width: string, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%'
    const text = formatted(verb, args[next++] ?? '', precision === undefined ? null : Number(precision))
    const padding = Math.min(200, Number(width))
    return minus ? text.padEnd(padding) : text.padStart(padding)
  })
}

function formatted(verb: string, arg: string | number, given: number | null): string {
  const precision = given === null ? null : Math.min(given, 60)
  switch (verb) {
    case 'f':
      return formatF(Number(arg), precision ?? 6)
    case 'e':
      return formatE(Number(arg), precision ?? 6)
    case 'g':
      return formatG(Number(arg), precision)
    case 'd':
      return formatF(Math.trunc(Number(arg)), 0)
    case 'q':
      return JSON.stringify(shown(arg))
    default:
      return typeof arg === 'number' && precision !== null
        ? formatG(arg, precision)
        : shown(arg).slice(0, precision ?? undefined)
  }
}
