/** Fills in the templates of a rule: asks what they want to know of the sample store, and renders them with the answers. */
import { AppError } from '#shared/contract/errors.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { QueryAnswer, Template } from '#shared/domain/template/template.ts'
import type { Sample } from '#shared/promql/values.ts'

/** Templates of one evaluation of a rule may ask for so many expressions. */
const mostQueries = 100
/** An answer beyond is no line of text any more. */
const mostSamples = 10_000

export interface Expander {
  /** The texts by name; one that fails says so in its place, as in Prometheus. */
  expand(templates: Readonly<Record<string, Template>>, labels: Labels, value: number): Promise<Record<string, string>>
}

/** `query` gives what an expression finds at the evaluation's instant, and may reject with AppError. */
export function createExpander(
  query: (expression: string) => Promise<readonly Sample[]>,
  externalLabels: Labels = {},
): Expander {
  const answers = new Map<string, QueryAnswer>()

  async function answer(expression: string): Promise<QueryAnswer> {
    if (answers.size >= mostQueries)
      return { problem: `expected at most ${mostQueries} queries in templates of a rule` }
    try {
      const samples = await query(expression)
      if (samples.length <= mostSamples) return samples
      return { problem: `expected at most ${mostSamples} samples for a template, got ${samples.length}` }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { problem: error.message }
    }
  }

  return {
    async expand(templates, labels, value) {
      const texts: [string, string][] = []
      for (const [name, render] of Object.entries(templates)) {
        let rendered = render({ labels, value, externalLabels, answers })
        while (rendered.type === 'lacks') {
          answers.set(rendered.expression, await answer(rendered.expression))
          rendered = render({ labels, value, externalLabels, answers })
        }
        const text =
          rendered.type === 'text'
            ? rendered.text
            : `<error expanding template: error executing template: ${rendered.problem}>`
        texts.push([name, text])
      }
      return Object.fromEntries(texts)
    },
  }
}
