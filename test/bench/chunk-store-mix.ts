/** Samples as hosts and probes report them: ten classes of series, the same in every run. */
import type { Labels } from '#shared/domain/series.ts'
import { seededRandom } from '#test/support/ports.ts'

export interface MixedSeries {
  readonly id: number
  readonly name: string
  readonly labels: Labels
  /** The value of the next tick. */
  next(): number
}

/** `count` series, the classes in turn. */
export function mixedSeries(count: number): MixedSeries[] {
  return Array.from({ length: count }, (_, i) => {
    const random = seededRandom(1000 + i)
    const [name, make] = classes[i % classes.length] ?? classes[0]
    return { id: i + 1, name, labels: { instance: `host-${Math.floor(i / classes.length)}` }, next: make(random.next) }
  })
}

type Roll = () => number
type ValueClass = readonly [name: string, make: (roll: Roll) => () => number]

const spread = (roll: Roll, size: number) => Math.round((roll() + roll() + roll() - 1.5) * size)

const classes: readonly [ValueClass, ...ValueClass[]] = [
  ['node_cpu_seconds_total', (roll) => counter(() => Math.round(roll() * 400), 100)],
  ['node_memory_MemAvailable_bytes', (roll) => walk(8e9 / 4096, () => spread(roll, 300), 4096)],
  ['node_network_receive_bytes_total', (roll) => counter(() => Math.round(roll() * roll() * 3e5), 1)],
  ['node_disk_written_bytes_total', (roll) => counter(() => (roll() < 0.4 ? 0 : Math.round(roll() * 900)), 1 / 4096)],
  ['node_load1', (roll) => walk(120, () => spread(roll, 8), 0.01)],
  ['node_memory_MemTotal_bytes', () => () => 16_621_436_928],
  ['probe_success', (roll) => () => (roll() < 0.999 ? 1 : 0)],
  ['probe_duration_seconds', (roll) => () => (2500 + Math.round(roll() * roll() * 4000)) / 1e5],
  ['node_hwmon_temp_celsius', (roll) => walk(46, () => (roll() < 0.2 ? Math.sign(spread(roll, 2)) : 0), 1)],
  [
    'node_filesystem_avail_bytes',
    (roll) => walk(2e11 / 4096, () => (roll() < 0.3 ? -Math.round(roll() * 40) : 0), 4096),
  ],
]

/** Grows by whole units; `perUnit` units make one. */
function counter(growth: () => number, perUnit: number): () => number {
  let units = 0
  return () => {
    units += growth()
    return units / perUnit
  }
}

/** Wanders in steps of `unit`, never below 0. */
function walk(start: number, change: () => number, unit: number): () => number {
  let units = Math.round(start)
  const perUnit = unit < 1 ? Math.round(1 / unit) : null
  return () => {
    units = Math.max(0, units + change())
    return perUnit === null ? units * unit : units / perUnit
  }
}
