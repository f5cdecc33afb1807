/**
 * What a probe saw, in sections that a screen can draw without knowing the kind: a kind fills those that apply to it.
 * Everything is capped in size and carries no secret. `CheckResult.evidence` holds this shape; a reader that meets
 * something else (an older result) shows it as plain JSON.
 */
import { z } from 'zod'

export const HeaderLine = z.strictObject({ name: z.string(), value: z.string() })
export type HeaderLine = z.infer<typeof HeaderLine>

export const Certificate = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  /** UTC epoch ms. */
  validFromAt: z.number(),
  validToAt: z.number(),
  /** Names and addresses it is valid for; empty for authorities. */
  names: z.array(z.string()),
  serialNumber: z.string(),
  fingerprintSha256: z.string(),
})
export type Certificate = z.infer<typeof Certificate>

/** One expectation and what came. `level`: what a failure means for the outcome. */
export const Assertion = z.strictObject({
  /** Such as `status`, `body contains`, `$.status`. */
  what: z.string(),
  expected: z.string(),
  actual: z.string(),
  passed: z.boolean(),
  level: z.enum(['degraded', 'down']),
})
export type Assertion = z.infer<typeof Assertion>

const Facts = z.strictObject({
  title: z.string(),
  /** Said beside the title; empty: nothing. */
  note: z.string(),
  /** A name may occur more than once. */
  rows: z.array(z.strictObject({ name: z.string(), value: z.string() })),
})

/** One step of several, in its place in time. */
export const StepEvidence = z.strictObject({
  name: z.string(),
  /** What was done, as one line: `GET https://example.com/login`. */
  line: z.string(),
  /** `skipped`: a step before it failed. */
  outcome: z.enum(['up', 'degraded', 'down', 'unknown', 'skipped']),
  message: z.string(),
  /** Since the run began. */
  startMs: z.number(),
  durationMs: z.number(),
  phases: z.array(z.strictObject({ name: z.string(), durationMs: z.number() })),
  assertions: z.array(Assertion),
})
export type StepEvidence = z.infer<typeof StepEvidence>

export const Evidence = z.strictObject({
  /** In the order they were to be taken. */
  steps: z.array(StepEvidence).optional(),
  /** Of a picture that `probes.picture` reads. */
  picture: z.strictObject({ name: z.string(), caption: z.string() }).optional(),
  /** What a page in a browser did on its own. */
  page: z.strictObject({ consoleErrors: z.array(z.string()), failedRequests: z.array(z.string()) }).optional(),
  request: z.strictObject({ line: z.string(), headers: z.array(HeaderLine), body: z.string().nullable() }).optional(),
  /** In the order they were followed. */
  redirects: z.array(z.strictObject({ status: z.number(), from: z.string(), to: z.string() })).optional(),
  response: z
    .strictObject({
      line: z.string(),
      headers: z.array(HeaderLine),
      /** Bytes received, before any decompression. */
      bodyBytes: z.number(),
      /** The beginning as text; null when there is none or it is not text. */
      bodySample: z.string().nullable(),
      /** Whether there was more than the sample shows. */
      truncated: z.boolean(),
    })
    .optional(),
  /** `203.0.113.7:443` or `[2001:db8::7]:443`. */
  remoteAddress: z.string().optional(),
  tls: z
    .strictObject({
      protocol: z.string(),
      cipher: z.string(),
      /** Why the certificate is not trusted; null when it is. */
      problem: z.string().nullable(),
      /** The server's own certificate first, the root last as far as it is known. */
      certificates: z.array(Certificate),
    })
    .optional(),
  assertions: z.array(Assertion).optional(),
  /** What was said over a plain connection, oldest first. */
  conversation: z.array(z.strictObject({ direction: z.enum(['sent', 'received']), text: z.string() })).optional(),
  packets: z
    .strictObject({
      sent: z.number(),
      received: z.number(),
      /** Round trips in the order of arrival. */
      roundTripsMs: z.array(z.number()),
    })
    .optional(),
  /** The measuring command's own words. */
  output: z.string().optional(),
  /** Whatever else a kind saw, as named values: DNS records, a server's own figures. Drawn in the given order. */
  facts: z.array(Facts).optional(),
})
export type Evidence = z.infer<typeof Evidence>

/** What a screen receives in place of a stored secret, and sends back to say "as it was". */
export const keptSecret = '••••••••'
