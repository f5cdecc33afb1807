/**
 * Some counters of the kernel step back a little (idle and iowait are estimates), which readers would take for a
 * restart and a huge rate. Such a step keeps the highest value; a large one is a real restart (a processor that was
 * switched off and on) and is let through.
 */
import type { CollectedSample } from './kind.ts'

/** Seconds; node_exporter's jumpBackSeconds. */
const smallStep = 3

/** Returns the function that corrects one run's samples after the other. Counters in seconds only. */
export function neverBackwards(): (samples: readonly CollectedSample[]) => CollectedSample[] {
  let highest = new Map<string, number>()
  return (samples) => {
    const seen = new Map<string, number>()
    const corrected = samples.map((sample) => {
      const key = `${sample.name}\0${Object.values(sample.labels).join('\0')}`
      const before = highest.get(key)
      const steppedBack = before !== undefined && sample.value < before && before - sample.value < smallStep
      const value = steppedBack ? before : sample.value
      seen.set(key, value)
      return steppedBack ? { ...sample, value } : sample
    })
    highest = seen
    return corrected
  }
}
