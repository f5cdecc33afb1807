/** What a JSON collector can be configured with. The form is drawn from this. */
import { z } from 'zod'
import { Address, Authentication, Headers } from '#main/checks/http-probe/config.ts'
import { pathProblem } from '#main/checks/http-probe/json-assertions.ts'
import { connectionOptions, tlsOptions } from '#main/checks/network/options.ts'

/** Names that a series may have, without those that say what a series is. */
export const MetricName = z
  .string()
  .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/, 'expected a name of letters, digits and _, such as queue_length')
  .refine(
    (name) => !name.startsWith('__'),
    'expected a name that does not begin with __, which is for Prometheus itself',
  )

export const reservedLabels: readonly string[] = ['collector', 'instance', 'kind']

export const LabelName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, 'expected a name of letters, digits and _, such as queue')
  .refine((name) => !name.startsWith('__') && !reservedLabels.includes(name), 'that name is set by Belfry itself')

const Path = z
  .string()
  .min(1)
  .max(500)
  .superRefine((path, context) => {
    const problem = pathProblem(path)
    if (problem !== null) context.addIssue({ code: 'custom', message: problem })
  })

export const MetricTypeOption = z.enum(['gauge', 'counter', 'untyped']).default('gauge')

const JsonMetric = z.strictObject({
  name: MetricName.default('json_value').meta({ title: 'Name', description: 'Such as queue_length' }),
  path: Path.default('$.value').meta({
    title: 'JSONPath',
    description: 'Such as $.queue.length, or $.queues[*] for one series each',
  }),
  value: z
    .union([z.literal(''), Path])
    .default('')
    .meta({ title: 'Value within', description: 'JSONPath from what was found; empty: what was found itself' }),
  type: MetricTypeOption.meta({ title: 'Type' }),
  labels: z
    .record(LabelName, z.string().min(1).max(500))
    .default({})
    .meta({ title: 'Labels', description: 'A JSONPath from what was found, such as $.name, or plain text' })
    .superRefine((labels, context) => {
      for (const [name, text] of Object.entries(labels)) {
        const problem = text.startsWith('$') ? pathProblem(text) : null
        if (problem !== null) context.addIssue({ code: 'custom', path: [name], message: problem })
      }
    }),
})
export type JsonMetric = z.output<typeof JsonMetric>

export const JsonConfig = z.strictObject({
  url: Address.meta({
    title: 'URL',
    description: 'http:// or https://',
    placeholder: 'https://example.com/stats.json',
  }),
  metrics: z
    .array(JsonMetric)
    .min(1, 'expected at least one metric')
    .max(200)
    .meta({ title: 'Metrics', description: 'What is taken out of the JSON' }),
  headers: Headers.meta({ title: 'Headers', group: 'Request' }),
  auth: Authentication.meta({ title: 'Authentication', group: 'Request' }),
  maxBodyBytes: z
    .number()
    .int()
    .min(1)
    .max(33_554_432)
    .default(2_097_152)
    .meta({ title: 'Largest body', description: 'A longer one is a failure', unit: 'bytes', group: 'Request' }),
  ...tlsOptions,
  ...connectionOptions,
})
export type JsonConfig = z.output<typeof JsonConfig>
