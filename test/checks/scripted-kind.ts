/** A kind of check that finds what a test tells it to find. */
import { z } from 'zod'
import { defineCheckKind, type ProbeOutcome } from '#main/checks/kind.ts'
import type { Outcome } from '#shared/contract/checks.ts'

export interface Script {
  /** What the next probes find; the last one again and again. */
  outcome: Outcome
  /** While set, probes wait for it. */
  gate: Promise<void> | null
  durationMs: number
  readonly targets: string[]
  underway: number
  mostUnderway: number
}

export function scriptedKind() {
  const script: Script = { outcome: 'up', gate: null, durationMs: 12.345678, targets: [], underway: 0, mostUnderway: 0 }
  const kind = defineCheckKind({
    kind: 'scripted',
    title: 'Scripted',
    description: 'Finds what it is told to find.',
    config: z.strictObject({
      host: z.string().min(1),
      password: z.string().default('').meta({ secret: true }),
    }),
    target: ({ host }) => host,
    async run({ host }, _ports, signal): Promise<ProbeOutcome> {
      script.targets.push(host)
      script.underway++
      script.mostUnderway = Math.max(script.mostUnderway, script.underway)
      const aborted = new Promise<'aborted'>((resolve) => signal.addEventListener('abort', () => resolve('aborted')))
      const ended = script.gate === null ? null : await Promise.race([script.gate, aborted])
      script.underway--
      const outcome = ended === 'aborted' ? 'down' : script.outcome
      const code = ended === 'aborted' ? 'timeout' : outcome
      return {
        outcome,
        reason: { code, message: `It is ${outcome}.` },
        durationMs: script.durationMs,
        phases: [{ name: 'connect', durationMs: 1 }],
        samples: [{ name: 'probe_ip_protocol', value: 4 }],
        evidence: { output: outcome },
      }
    },
  })
  return { kind, script }
}
