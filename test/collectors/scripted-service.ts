/** A kind of collector that answers as the test says. */
import { z } from 'zod'
import type { Failure } from '#main/checks/network/failure.ts'
import { defineServiceKind, type Reading, ServiceRefusal } from '#main/collectors/services/kind.ts'

export interface ScriptedService {
  readonly kind: ReturnType<typeof makeKind>
  /** Assign to change what a run comes to. */
  answer: Reading | Failure | (() => Promise<Reading>)
  /** Runs that were begun. */
  runs: number
}

export function scriptedService(): ScriptedService {
  const script: ScriptedService = { kind: makeKind(() => script), answer: readingOf({ store_keys: 7 }), runs: 0 }
  return script
}

export function readingOf(values: Readonly<Record<string, number>>, facts: Reading['facts'] = []): Reading {
  const metrics = Object.entries(values).map(([name, value]) => ({
    name,
    type: 'gauge' as const,
    help: `The ${name}`,
    unit: '',
    samples: [{ labels: { db: 'a' }, value }],
  }))
  return { metrics, facts, problems: [] }
}

function makeKind(script: () => ScriptedService) {
  return defineServiceKind({
    kind: 'store',
    title: 'Store',
    description: 'Answers as it is told',
    config: z.strictObject({
      host: z.string(),
      password: z.string().default('').meta({ title: 'Password', secret: true }),
    }),
    target: ({ host }) => `${host}:1`,
    host: ({ host }) => host,
    upMetric: 'store_up',
    charts: [],
    async run(_config, _ports, signal) {
      script().runs++
      const { answer } = script()
      if (typeof answer === 'function') {
        return Promise.race([
          answer(),
          new Promise<never>((_, reject) =>
            signal.addEventListener('abort', () =>
              reject(
                new ServiceRefusal({
                  outcome: 'down',
                  reason: { code: 'timeout', message: 'It did not answer in time.' },
                }),
              ),
            ),
          ),
        ])
      }
      if ('outcome' in answer) throw new ServiceRefusal(answer)
      return answer
    },
  })
}
