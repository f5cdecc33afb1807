/** A kind that tells all it was given, as no kind should: what its secrets come to must be seen nowhere all the same. */
import { z } from 'zod'
import { type CheckKind, defineCheckKind } from '#main/checks/kind.ts'

export function toldKind(): CheckKind {
  return defineCheckKind({
    kind: 'told',
    title: 'Told',
    description: 'Tells what it was given',
    config: z.strictObject({ url: z.string(), password: z.string().default('').meta({ secret: true }) }),
    target: ({ url }) => url,
    run: async ({ url }) => ({
      outcome: 'up',
      reason: { code: 'ok', message: `asked ${url}` },
      durationMs: 1,
      phases: [],
      samples: [],
      evidence: { request: { line: `GET ${url}`, headers: [], body: null } },
    }),
  })
}
