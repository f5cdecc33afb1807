/**
 * A collector on systeminformation, which starts child processes and is therefore kept off the fast tier wherever it
 * does. The library is loaded at the first use: Linux does without most of it.
 */
import type { CollectedSample, Collector, CollectorTier } from '../kind.ts'

export type SystemInformation = typeof import('systeminformation')

export function portableCollector(about: {
  readonly kind: string
  readonly title: string
  readonly tier: CollectorTier
  /** Said when nothing was found. Null: nothing to be found is no problem (a machine without a battery). */
  readonly nothing: string | null
  read(information: SystemInformation): Promise<CollectedSample[]>
}): Collector {
  const { nothing, read, ...rest } = about
  return {
    ...rest,
    async collect() {
      const samples = await read(await loadSystemInformation())
      return { samples, problems: samples.length === 0 && nothing !== null ? [nothing] : [] }
    },
  }
}

export async function loadSystemInformation(): Promise<SystemInformation> {
  const loaded: { default?: SystemInformation } & SystemInformation = await import('systeminformation')
  return loaded.default ?? loaded // CommonJS: the namespace of an import carries it as its default.
}
