/** /proc/stat: what the processors did since the start, and some counters of the whole system. */
import type { CollectedSample } from '../kind.ts'
import { kernelNumber } from './number.ts'
import { ticksPerSecond } from './roots.ts'

const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const
const guestModes = ['user', 'nice'] as const

const counters: Readonly<Record<string, string>> = {
  btime: 'node_boot_time_seconds',
  ctxt: 'node_context_switches_total',
  intr: 'node_intr_total',
  processes: 'node_forks_total',
  procs_running: 'node_procs_running',
  procs_blocked: 'node_procs_blocked',
}

/** Lines that are not understood are left out; an empty answer means that this is no /proc/stat. */
export function parseStat(text: string): CollectedSample[] {
  return text.split('\n').flatMap((line) => {
    const [key = '', ...columns] = line.split(/ +/)
    const cpu = /^cpu(\d+)$/.exec(key)?.[1]
    if (cpu !== undefined) return cpuSamples(cpu, columns)
    const name = Object.hasOwn(counters, key) ? counters[key] : undefined
    const value = kernelNumber(columns[0])
    return name === undefined || value === null ? [] : [{ name, labels: {}, value, decimals: 0 }]
  })
}

function cpuSamples(cpu: string, columns: readonly string[]): CollectedSample[] {
  const seconds = (name: string, names: readonly string[], firstColumn: number) =>
    names.flatMap((mode, index) => {
      const ticks = kernelNumber(columns[firstColumn + index])
      return ticks === null ? [] : [{ name, labels: { cpu, mode }, value: ticks / ticksPerSecond, decimals: 2 }]
    })
  return [
    ...seconds('node_cpu_seconds_total', modes, 0),
    ...seconds('node_cpu_guest_seconds_total', guestModes, modes.length),
  ]
}

/** Epoch ms of the start, or null where the table does not say. */
export function bootAtOf(text: string): number | null {
  const seconds = kernelNumber(/^btime (\d+)$/m.exec(text)?.[1])
  return seconds === null ? null : seconds * 1000
}
