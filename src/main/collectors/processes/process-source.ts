/** What a system tells of its processes. */
import type { ProcessRow } from '#shared/contract/host.ts'
import type { RankedProcess, SeenProcess } from './top-processes.ts'

export interface SourcedProcess extends SeenProcess {
  /** Null where the system does not tell it. */
  readonly threads: number | null
  /** One letter as in Linux's ps, or the system's own word. */
  readonly state: string
}

export interface ProcessSource<P extends SourcedProcess> {
  /** All that are there. Rejects when the system does not tell, or the signal aborts. */
  list(signal: AbortSignal): Promise<P[]>
  /** The rest of what is shown, asked only for the few that are. */
  rows(ranked: readonly RankedProcess<P>[]): ProcessRow[]
}
