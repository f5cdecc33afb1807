/** What could not be read, gathered to be told with the next answer. The rest is served as if nothing were amiss. */
export interface Damage {
  report(text: string): void
  /** All that was reported since the last call, each once. */
  take(): string[]
}

/** More would only repeat themselves. */
const mostReports = 20

export function createDamage(): Damage {
  let reports = new Set<string>()
  return {
    report(text) {
      if (reports.size < mostReports) reports.add(text)
    },
    take() {
      const taken = [...reports]
      reports = new Set()
      return taken
    },
  }
}
