/** What an HTTP check can be configured with. The form is drawn from this; everything but the address has a default. */
import { z } from 'zod'
import { Pattern } from '../network/pattern.ts'
import { JsonAssertion } from './json-assertions.ts'
import { StatusRanges } from './status-ranges.ts'

export const Address = z
  .string()
  .trim()
  .min(1, 'expected a URL such as https://example.com/health')
  .max(2000)
  .superRefine((text, context) => {
    const issue = addressProblem(text)
    if (issue !== null) context.addIssue({ code: 'custom', message: issue })
  })

function addressProblem(text: string): string | null {
  if (!URL.canParse(text)) return `expected a URL such as https://example.com/health, got "${text.slice(0, 100)}"`
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `expected a URL that begins with http:// or https://, got "${url.protocol}"`
  }
  if (url.username !== '' || url.password !== '') {
    return 'expected a URL without user name and password; put them under Authentication'
  }
  return null
}

const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i
export const Headers = z
  .record(
    z.string().max(200).regex(headerName, 'expected a header name such as X-Request-Source'),
    z
      .string()
      .max(8000)
      .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected one line of plain characters'),
  )
  .default({})

export const Authentication = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }).meta({ title: 'None' }),
    z
      .strictObject({
        type: z.literal('basic'),
        username: z.string().max(500).meta({ title: 'User name' }),
        password: z.string().max(500).meta({ title: 'Password', secret: true }),
      })
      .meta({ title: 'User name and password' }),
    z
      .strictObject({
        type: z.literal('bearer'),
        token: z
          .string()
          .min(1)
          .max(4000)
          .regex(/^[\x21-\x7e]+$/, 'expected a token without spaces')
          .meta({ title: 'Token', secret: true }),
      })
      .meta({ title: 'Bearer token' }),
  ])
  .default({ type: 'none' })

const Texts = z.array(z.string().min(1).max(1000)).max(20).default([])
const DaysLeft = z.number().int().min(0).max(3650).nullable().default(null)
const Latency = z.number().min(1).max(300_000).nullable().default(null)

export const HttpConfig = z.strictObject({
  url: Address.meta({ title: 'URL', description: 'http:// or https://', placeholder: 'https://example.com/health' }),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    .default('GET')
    .meta({ title: 'Method', group: 'Request' }),
  headers: Headers.meta({ title: 'Headers', group: 'Request' }),
  body: z.string().max(100_000).default('').meta({ title: 'Body', group: 'Request', multiline: true }),
  auth: Authentication.meta({ title: 'Authentication', group: 'Request' }),
  expectedStatus: StatusRanges.default('200-299').meta({
    title: 'Expected status',
    description: 'Codes and ranges, such as 200-299, 301',
    group: 'Answer',
  }),
  bodyContains: Texts.meta({ title: 'Body contains', description: 'Each of these texts', group: 'Answer' }),
  bodyLacks: Texts.meta({ title: 'Body must not contain', description: 'None of these texts', group: 'Answer' }),
  bodyMatches: z
    .array(Pattern)
    .max(20)
    .default([])
    .meta({ title: 'Body matches', description: 'Regular expressions in RE2 syntax', group: 'Answer' }),
  json: z
    .array(JsonAssertion)
    .max(50)
    .default([])
    .meta({ title: 'JSON', description: 'What the JSON in the body must hold', group: 'Answer' }),
  warnMs: Latency.meta({
    title: 'Degraded when slower than',
    description: 'Of one request, redirects included',
    unit: 'ms',
    group: 'Answer',
  }),
  failMs: Latency.meta({ title: 'Down when slower than', unit: 'ms', group: 'Answer' }),
  maxBodyBytes: z
    .number()
    .int()
    .min(0)
    .max(104_857_600)
    .default(10_485_760)
    .meta({ title: 'Largest body', description: 'A longer one is a failure', unit: 'bytes', group: 'Answer' }),
  maxRedirects: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(5)
    .meta({ title: 'Redirects', description: '0: a redirect is the answer', group: 'Connection' }),
  allowDowngrade: z
    .boolean()
    .default(false)
    .meta({ title: 'Follow redirects from https to http', group: 'Connection' }),
  verifyTls: z.boolean().default(true).meta({ title: 'Verify the certificate', group: 'Certificate' }),
  authorities: z
    .string()
    .max(100_000)
    .default('')
    .refine((text) => text === '' || text.includes('-----BEGIN CERTIFICATE-----'), {
      message: 'expected certificates in PEM form, beginning with -----BEGIN CERTIFICATE-----',
    })
    .meta({ title: 'Own authorities', description: 'PEM, trusted in addition', group: 'Certificate', multiline: true }),
  certificateWarnDays: DaysLeft.meta({ title: 'Degraded when it expires within', unit: 'days', group: 'Certificate' }),
  certificateFailDays: DaysLeft.meta({ title: 'Down when it expires within', unit: 'days', group: 'Certificate' }),
  ipVersion: z.enum(['any', '4', '6']).default('any').meta({ title: 'IP version', group: 'Connection' }),
})
export type HttpConfig = z.output<typeof HttpConfig>
