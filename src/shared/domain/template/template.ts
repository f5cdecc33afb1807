/**
 * Annotations and labels of rules: Prometheus's templates. A template is compiled once, when its rule is loaded, so that
 * a mistake is named with the rule and not met at three in the morning. Rendering is pure and bounded: it knows labels, a
 * number and what queries found, runs no code, and ends after so many steps. Which expressions it asks for may depend on
 * the alert, so it says which answer it lacks, and is rendered again when that is known.
 */
import type { Labels } from '../series.ts'
import { functions, lazyFunctions } from './functions.ts'
import { TemplateProblem } from './lex.ts'
import { parse } from './parse.ts'
import { renderNodes } from './render.ts'
import { float, type QueriedSample, RenderProblem, text } from './value.ts'

export type { QueriedSample } from './value.ts'

export type QueryAnswer = readonly QueriedSample[] | { readonly problem: string }

export interface TemplateInput {
  readonly labels: Labels
  readonly value: number
  /** Labels that every alert is sent with, as `external_labels` names them. */
  readonly externalLabels?: Labels
  /** What expressions found, or why they failed, as far as that is known. */
  readonly answers?: ReadonlyMap<string, QueryAnswer>
}

export type Rendered =
  | { readonly type: 'text'; readonly text: string }
  /** An expression whose answer it needs first. */
  | { readonly type: 'lacks'; readonly expression: string }
  /** It met something it cannot go on with; `problem` says what. */
  | { readonly type: 'failed'; readonly problem: string }

export type Template = (input: TemplateInput) => Rendered

/** Wrong templates are values: what was expected, and what came. */
export type Compiled =
  | { readonly ok: true; readonly render: Template }
  | { readonly ok: false; readonly problem: string }

const functionNames = new Set([...Object.keys(functions), ...lazyFunctions])
const variables = ['', 'labels', 'externalLabels', 'externalURL', 'value']

/** A long text is a mistake or an attack. */
const mostCharacters = 20_000

/** Compiles `{{ ... }}` actions; text around them stays as it is. */
export function compileTemplate(source: string): Compiled {
  if (source.length > mostCharacters) {
    return { ok: false, problem: `expected at most ${mostCharacters} characters, got ${source.length}` }
  }
  try {
    const nodes = parse(source, functionNames, variables)
    return { ok: true, render: (input) => render(nodes, input) }
  } catch (error) {
    if (!(error instanceof TemplateProblem)) throw error
    return { ok: false, problem: error.message }
  }
}

class Lacking extends Error {}

function render(nodes: Parameters<typeof renderNodes>[0], input: TemplateInput): Rendered {
  const data = {
    Labels: { type: 'map', entries: input.labels },
    ExternalLabels: { type: 'map', entries: input.externalLabels ?? {} },
    ExternalURL: text(''),
    Value: float(input.value),
  } as const
  const query = (expression: string) => {
    const found = input.answers?.get(expression)
    if (!found) throw new Lacking(expression)
    if ('problem' in found) throw new RenderProblem(`query ${JSON.stringify(expression)}: ${found.problem}`)
    return found
  }
  try {
    return { type: 'text', text: renderNodes(nodes, data, { query }) }
  } catch (error) {
    if (error instanceof Lacking) return { type: 'lacks', expression: error.message }
    if (error instanceof RenderProblem) return { type: 'failed', problem: error.message }
    throw error
  }
}
