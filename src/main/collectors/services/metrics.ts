/** Gathers samples under their metrics while a run goes on. */
import type { MetricType } from '#shared/contract/collectors.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { Metric, MetricSample } from './kind.ts'

export interface MetricAbout {
  readonly type: MetricType
  readonly help: string
  readonly unit?: string
}

export interface Metrics {
  /** A value that is no finite number is left out: there is nothing to tell. */
  add(name: string, value: number | null | undefined, labels?: Labels): void
  /** In the order in which each was first added; those without a sample are left out. */
  all(): Metric[]
}

/** `about`: every metric that may be added. */
export function gatherMetrics(about: Readonly<Record<string, MetricAbout>>): Metrics {
  const samples = new Map<string, MetricSample[]>()
  return {
    add(name, value, labels = {}) {
      if (value === null || value === undefined || !Number.isFinite(value)) return
      const known = samples.get(name)
      if (known === undefined) samples.set(name, [{ labels, value }])
      else known.push({ labels, value })
    },
    all: () =>
      [...samples].map(([name, of]) => {
        const known = about[name]
        if (known === undefined) throw new Error(`the metric ${name} has no description`)
        return { name, type: known.type, help: known.help, unit: known.unit ?? '', samples: of }
      }),
  }
}
