/**
 * Examines everything and says it twice: as findings for a screen, and as text that can be pasted into a question to
 * strangers, without names of this machine, its people or its directories.
 */
import { homedir, hostname, userInfo } from 'node:os'
import type { DoctorFinding } from '#shared/contract/care.ts'
import { backups, databases, diskSpace, lock, permissions } from './directories.ts'
import { bad, type Examination, type Patient } from './examination.ts'
import {
  addresses,
  browser,
  clock,
  configuration,
  descriptors,
  notifications,
  ping,
  versions,
  zone,
} from './surroundings.ts'

const examinations: readonly Examination[] = [
  versions,
  permissions,
  diskSpace,
  lock,
  databases,
  backups,
  configuration,
  clock,
  zone,
  descriptors,
  addresses,
  notifications,
  ping,
  browser,
]

export interface Diagnosis {
  readonly at: number
  readonly findings: DoctorFinding[]
  readonly text: string
}

/** In the order above. Never rejects: an examination that fails is itself a finding. */
export async function examine(patient: Patient): Promise<Diagnosis> {
  const findings: DoctorFinding[] = []
  for (const { id, title, why, examine: look } of examinations) {
    findings.push({ id, title, why, ...(await found(() => look(patient))) })
  }
  const at = patient.now()
  return { at, findings, text: textOf(findings, patient, at) }
}

async function found(look: () => ReturnType<Examination['examine']>) {
  try {
    return await look()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return bad(`It could not be examined: ${said}`, "Look into Belfry's log for the cause.")
  }
}

const marks: Readonly<Record<DoctorFinding['status'], string>> = {
  good: 'ok  ',
  warning: 'warn',
  bad: 'BAD ',
  untested: '-   ',
}

function textOf(findings: readonly DoctorFinding[], patient: Patient, at: number): string {
  const lines = findings.flatMap(({ title, status, finding, advice }) => [
    `${marks[status]}  ${title}: ${finding}`,
    ...(advice === null ? [] : [`      ${advice}`]),
  ])
  return `${withoutNames([`Belfry's doctor, ${new Date(at).toISOString()}`, '', ...lines].join('\n'), patient)}\n`
}

/** Longest first, for a home directory is often part of the data directory. */
export function withoutNames(text: string, { dataDir, configDir }: Pick<Patient, 'dataDir' | 'configDir'>): string {
  const names = [
    [dataDir, '<data>'],
    [configDir, '<config>'],
    [homedir(), '<home>'],
    [hostname(), '<host>'],
    [userName(), '<user>'],
  ] as const
  return [...names]
    .filter(([name]) => name.length > 2)
    .sort(([a], [b]) => b.length - a.length)
    .reduce((redacted, [name, placeholder]) => redacted.replaceAll(name, placeholder), text)
}

/** Empty where the system knows none, as in some containers. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
