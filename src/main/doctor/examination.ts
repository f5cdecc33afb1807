/** One thing the doctor looks at: what it is, why it matters, and what was found. Expected trouble is a finding. */
import type { DoctorFinding } from '#shared/contract/care.ts'

export interface Examination {
  readonly id: string
  readonly title: string
  /** Why it matters, in one sentence. */
  readonly why: string
  examine(patient: Patient): Found | Promise<Found>
}

export type Found = Pick<DoctorFinding, 'status' | 'finding' | 'advice'>

/** What is looked at: enough for the running console and for the command line alike. */
export interface Patient {
  readonly dataDir: string
  readonly configDir: string
  readonly version: string
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  readonly desktop: { describe(): Promise<{ available: boolean; mechanism: string; reason?: string }> }
  /** What SQLite's full check finds in a database file; null when all is well. Takes as long as reading it. */
  readonly checkDatabase: (file: string) => Promise<string | null>
  /** Problems of the configuration, first things first; null when it is not asked from inside. */
  readonly configurationProblems: () => readonly string[] | null
  /** Addresses that this console listens on; null when it is not asked from inside. */
  readonly addresses: () => readonly string[] | null
}

export const good = (finding: string): Found => ({ status: 'good', finding, advice: null })
export const untested = (finding: string): Found => ({ status: 'untested', finding, advice: null })
export const warning = (finding: string, advice: string): Found => ({ status: 'warning', finding, advice })
export const bad = (finding: string, advice: string): Found => ({ status: 'bad', finding, advice })
