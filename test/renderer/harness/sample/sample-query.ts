/** PromQL answers for screens: every expression draws three waves, one of them with a hole. */
import type { HandlersOf } from '#shared/contract/index.ts'

const instances = ['web-1', 'web-2', 'web-3']
const known = { __name__: ['node_load1', 'up'], instance: instances, job: ['node'] }

export function sampleQueryHandlers(): HandlersOf<'query'> {
  const told = { tier: 'raw' as const, warnings: [], stats: { samples: 300, durationMs: 2 } }
  const waveAt = (at: number, phase: number) => 1 + phase + Math.sin(at / 600_000 + phase)
  return {
    'query.range': ({ from, to, stepMs }) => {
      const times = Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, (_, step) => from + step * stepMs)
      const series = instances.map((instance, phase) => ({
        labels: { __name__: 'node_load1', instance, job: 'node' },
        values: times.map((at, step) => (phase === 2 && step % 20 < 3 ? null : waveAt(at, phase))),
      }))
      return { resultType: 'matrix', stepMs, times, series, ...told }
    },
    'query.instant': ({ at }) => {
      const now = at ?? Date.now()
      const series = instances.map((instance, phase) => ({
        labels: { __name__: 'node_load1', instance, job: 'node' },
        samples: [[now, waveAt(now, phase)] as [number, number]],
      }))
      return { resultType: 'vector', at: now, series, text: null, ...told }
    },
    'query.check': ({ expr }) =>
      expr.trim() === ''
        ? { type: null, problems: [{ message: 'expected an expression, got nothing', from: 0, to: 0 }], metrics: [] }
        : { type: 'vector', problems: [], metrics: ['node_load1'] },
    'query.labelNames': () => Object.keys(known),
    'query.labelValues': ({ label }) => (Object.hasOwn(known, label) ? [...known[label as keyof typeof known]] : []),
    'query.series': () => instances.map((instance) => ({ __name__: 'node_load1', instance, job: 'node' })),
    'query.metadata': () => [{ metric: 'node_load1', type: 'gauge', help: '1m load average.', unit: '' }],
  }
}
