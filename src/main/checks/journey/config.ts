/** What a journey over HTTP can be configured with: its steps, and what they share. */
import { z } from 'zod'
import { compilePattern } from '#shared/domain/pattern.ts'
import { HttpConfig } from '../http-probe/config.ts'
import { pathProblem } from '../http-probe/json-assertions.ts'
import { filled, namesIn } from './template.ts'

const mostSteps = 50

const ValueName = z
  .string()
  .regex(/^[A-Za-z_]\w{0,39}$/, 'expected a name of letters, digits and _, such as token')
  .meta({ title: 'Name', placeholder: 'token' })

const Extract = z
  .strictObject({
    name: ValueName,
    from: z
      .enum(['json', 'header', 'regex', 'cookie'])
      .default('json')
      .meta({
        title: 'From',
        choiceTitles: { json: 'JSON', header: 'Header', regex: 'Body by expression', cookie: 'Cookie' },
      }),
    expression: z
      .string()
      .min(1)
      .max(500)
      .default('$.token')
      .meta({ title: 'Which', description: 'JSONPath, name, or RE2 expression (its first group)' }),
    masked: z.boolean().default(true).meta({ title: 'Hide its value in evidence' }),
  })
  .superRefine(({ from, expression }, context) => {
    const problem = from === 'json' ? pathProblem(expression) : from === 'regex' ? patternProblem(expression) : null
    if (problem !== null) context.addIssue({ code: 'custom', path: ['expression'], message: problem })
  })
export type Extract = z.output<typeof Extract>

const { shape } = HttpConfig

const JourneyStep = z.strictObject({
  name: z.string().trim().max(60).default('').meta({ title: 'Step', placeholder: 'Log in', essential: true }),
  method: shape.method.meta({ title: 'Method', essential: true }),
  url: z
    .string()
    .trim()
    .min(1, 'expected a URL such as https://example.com/login')
    .max(2000)
    .superRefine((text, context) => {
      const problem = urlProblem(text)
      if (problem !== null) context.addIssue({ code: 'custom', message: problem })
    })
    .meta({
      title: 'URL',
      description: 'Values of earlier steps as {{name}}, here, in headers, body and expectations',
      placeholder: 'https://example.com/login',
      essential: true,
    }),
  headers: shape.headers,
  body: shape.body,
  expectedStatus: shape.expectedStatus,
  bodyContains: shape.bodyContains,
  bodyLacks: shape.bodyLacks,
  bodyMatches: shape.bodyMatches,
  json: shape.json,
  warnMs: shape.warnMs.meta({ title: 'Degraded when slower than', unit: 'ms', group: 'Answer' }),
  failMs: shape.failMs,
  extract: z
    .array(Extract)
    .max(20)
    .default([])
    .meta({ title: 'Values', description: 'Taken from the answer, for later steps', group: 'Values' }),
})
export type JourneyStep = z.output<typeof JourneyStep>

export const JourneyConfig = z
  .strictObject({
    steps: z
      .array(JourneyStep)
      .min(1, 'expected at least one step')
      .max(mostSteps, `expected at most ${mostSteps} steps`)
      .meta({ title: 'Steps', ordered: true }),
    secrets: z
      .array(
        z.strictObject({
          name: ValueName,
          secret: z.string().min(1).max(4000).meta({ title: 'Secret', secret: true }),
        }),
      )
      .max(20)
      .default([])
      .meta({ title: 'Secret values', description: 'For steps as {{name}}, never shown again', group: 'Secrets' }),
    maxRedirects: shape.maxRedirects,
    allowDowngrade: shape.allowDowngrade,
    maxBodyBytes: shape.maxBodyBytes.default(1_048_576).meta({
      title: 'Largest body',
      description: 'A longer one is a failure',
      unit: 'bytes',
      group: 'Connection',
    }),
    ipVersion: shape.ipVersion,
    verifyTls: shape.verifyTls,
    authorities: shape.authorities,
  })
  .superRefine(({ steps, secrets }, context) => {
    const known = new Set(secrets.map(({ name }) => name))
    const labels = new Set<string>()
    steps.forEach((step, index) => {
      const label = stepName(step, index)
      if (labels.has(label)) {
        const message = `expected a name of its own; "${label}" is another step's`
        context.addIssue({ code: 'custom', path: ['steps', index, 'name'], message })
      }
      labels.add(label)
      const missing = textsOf(step).find(({ text }) => namesIn(text).some((name) => !known.has(name)))
      if (missing !== undefined) {
        const name = namesIn(missing.text).find((one) => !known.has(one))
        const message = `expected values that an earlier step or a secret gives; there is no {{${name}}} yet`
        context.addIssue({ code: 'custom', path: ['steps', index, ...missing.path], message })
      }
      for (const { name } of step.extract) known.add(name)
    })
  })
export type JourneyConfig = z.output<typeof JourneyConfig>

/** What a step is called in evidence and in the label `step`. */
export function stepName({ name }: { readonly name: string }, index: number): string {
  return name === '' ? String(index + 1) : name
}

/** Every text of a step in which values are put. */
function textsOf(step: JourneyStep): { path: (string | number)[]; text: string }[] {
  return [
    { path: ['url'], text: step.url },
    { path: ['body'], text: step.body },
    ...Object.entries(step.headers).map(([name, text]) => ({ path: ['headers', name], text })),
    ...step.bodyContains.map((text, index) => ({ path: ['bodyContains', index], text })),
    ...step.bodyLacks.map((text, index) => ({ path: ['bodyLacks', index], text })),
    ...step.json.map(({ value }, index) => ({ path: ['json', index, 'value'], text: value })),
  ]
}

function urlProblem(text: string): string | null {
  const names = namesIn(text)
  if (names.length > 0 && text.startsWith('{{')) return null
  const sample = filled(text, new Map(names.map((name) => [name, 'x'])))
  const parsed = shape.url.safeParse(sample)
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'expected a URL')
}

function patternProblem(pattern: string): string | null {
  try {
    compilePattern(pattern)
    return null
  } catch (error) {
    return `expected a regular expression in RE2 syntax: ${error instanceof Error ? error.message : String(error)}`
  }
}
