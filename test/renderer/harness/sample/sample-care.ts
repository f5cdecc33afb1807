/** Backups, storage, audit and doctor as a console of some weeks has them. */
import type { BackupStatus, BackupView } from '#shared/contract/backup.ts'
import type { DoctorFinding, StorageOutlook } from '#shared/contract/care.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { BelfryHandlers, EventName, PayloadOf } from '#shared/contract/index.ts'
import { isNew, type Mode } from './modes.ts'

const dayMs = 86_400_000
const mebibyte = 1024 * 1024

type CareHandlers = Pick<
  BelfryHandlers,
  | Extract<keyof BelfryHandlers, `backup.${string}` | `audit.${string}`>
  | 'doctor.examine'
  | 'storage.outlook'
  | 'console.restart'
>

export function sampleCareHandlers(
  mode: Mode,
  startedAt: number,
  emit: <K extends EventName>(name: K, payload: PayloadOf<K>) => void,
): CareHandlers {
  let status = isNew(mode) ? { ...sampleStatus(startedAt), backups: [] } : sampleStatus(startedAt)
  const change = (part: Partial<BackupStatus>) => {
    status = { ...status, ...part }
    emit('backup.changed', status)
    return status
  }
  const backupOf = (id: string) => {
    const backup = status.backups.find((one) => one.id === id)
    if (backup) return backup
    throw new AppError('not-found', `There is no backup "${id}".`)
  }
  return {
    'backup.status': () => status,
    'backup.create': () =>
      change({
        work: {
          what: 'backup',
          phase: 'copying',
          startedAt: Date.now(),
          doneBytes: 130 * mebibyte,
          totalBytes: 340 * mebibyte,
        },
      }),
    'backup.cancel': () => change({ work: null }),
    'backup.verify': ({ id }) => backupOf(id),
    'backup.remove': ({ id }) => change({ backups: status.backups.filter((one) => one.id !== backupOf(id).id) }),
    'backup.preview': ({ id }) => ({
      backup: backupOf(id),
      lostFrom: backupOf(id).takenAt,
      lostTo: Date.now(),
      tables: [
        { table: 'Results of checks', presentRows: 41_204, backupRows: 38_990 },
        { table: 'Alerts', presentRows: 61, backupRows: 57 },
        { table: 'Audit entries', presentRows: 212, backupRows: 209 },
      ],
      neededBytes: 340 * mebibyte,
      freeBytes: 41 * 1024 * mebibyte,
    }),
    'backup.restore': ({ id, withConfiguration }) =>
      change({ wanted: { takenAt: backupOf(id).takenAt, requestedAt: Date.now(), withConfiguration } }),
    'backup.cancelRestore': () => change({ wanted: null }),
    'console.restart': () => ({ restarting: true }),
    'doctor.examine': () => ({ at: Date.now(), findings: sampleFindings, text: "Belfry's doctor\n" }),
    'storage.outlook': () => sampleOutlook(mode, Date.now()),
    'audit.list': ({ filter }) => ({
      entries: isNew(mode) ? [] : sampleEntries(startedAt).filter(({ action }) => action.includes(filter.action)),
      next: isNew(mode) ? null : '1',
    }),
    'audit.verify': () => ({ entries: 212, brokenAt: null }),
    'audit.export': () => ({ text: 'sequence\r\n1\r\n', entries: 1, next: null }),
  }
}

function sampleStatus(now: number): BackupStatus {
  return {
    isEnabled: true,
    nextAt: now + 9 * 3_600_000,
    directory: '/home/operator/.local/share/belfry/backups',
    backups: [0, 1, 2, 3, 4, 9, 16].map((days) => sampleBackup(now - days * dayMs - 15 * 3_600_000, days)),
    work: null,
    failure: null,
    wanted: null,
    canRestart: true,
  }
}

function sampleBackup(takenAt: number, days: number): BackupView {
  return {
    id: `backup-${days}`,
    takenAt,
    trigger: days === 1 ? 'asked' : 'scheduled',
    version: '0.1.0',
    bytes: (340 - days * 9) * mebibyte,
    ownBytes: (31 - days) * mebibyte,
    contains: {
      stateBytes: 22 * mebibyte,
      sampleBytes: (318 - days * 9) * mebibyte,
      days: 15,
      configurationFiles: 3,
    },
    verdict:
      days === 3
        ? { at: takenAt + dayMs, problem: 'metrics/raw-2026-01-02.1.db: its content has changed since.' }
        : { at: takenAt, problem: null },
  }
}

function sampleOutlook(mode: Mode, now: number): StorageOutlook {
  const stepMs = 6 * 3_600_000
  const times = Array.from({ length: 56 }, (_, i) => now - (56 - i) * stepMs)
  const grown = (from: number, perStep: number) => times.map((_, i) => (from + i * perStep) * mebibyte)
  const [thenBytes, nowBytes] = [362 * mebibyte, 618 * mebibyte]
  return {
    at: now,
    times,
    stepMs,
    kinds: [
      { kind: 'samples', title: 'Samples', values: grown(180, 2.5) },
      { kind: 'summaries', title: 'Summaries', values: grown(22, 0.3) },
      { kind: 'state', title: 'States, alerts, results', values: grown(40, 0.5) },
      { kind: 'backups', title: 'Backups', values: grown(120, 1.2) },
    ],
    growth: isNew(mode)
      ? null
      : { fromAt: now - 14 * dayMs, thenBytes, nowBytes, days: 14, bytesPerDay: (nowBytes - thenBytes) / 14 },
    room: { what: 'disk', bytes: 41 * 1024 * mebibyte, days: isNew(mode) ? null : 2296 },
    limitBytes: 0,
    historyBytes: 400 * mebibyte,
  }
}

const sampleFindings: DoctorFinding[] = [
  {
    id: 'versions',
    title: 'Versions',
    status: 'good',
    finding: 'Belfry 0.1.0, Node 24.21.0, linux 6.12 on x64.',
    why: 'The first thing anyone asks who is to help.',
    advice: null,
  },
  {
    id: 'permissions',
    title: 'Permissions of the data directory',
    status: 'warning',
    finding: 'Others may look into it (755).',
    why: 'It holds what Belfry saw, and the key of its secrets: its owner alone should read it.',
    advice: 'chmod 700 "/home/operator/.local/share/belfry"',
  },
  {
    id: 'databases',
    title: 'Integrity of the databases',
    status: 'bad',
    finding: 'metrics.db: database disk image is malformed',
    why: 'Damage spreads when it is not found; a backup brings back what was.',
    advice: 'Restart Belfry: it sets a damaged file aside and restores the newest backup. Then check the disk.',
  },
  {
    id: 'browser',
    title: 'Chromium or Chrome',
    status: 'untested',
    finding: 'None was found on PATH: browser journeys cannot be run here, everything else can.',
    why: 'Browser journeys are run in one; without it they cannot measure.',
    advice: null,
  },
]

function sampleEntries(now: number) {
  const deeds = [
    ['session', 'check.changed', 'shop', { name: 'Shop', kind: 'http' }],
    ['token:grafana', 'alert.acknowledged', '01a1f0c2', { rule: 'CheckDown', note: 'looking into it' }],
    ['session', 'settings.changed', '', { 'storage.rawDays': 30 }],
    ['desktop', 'token.created', 'grafana', { role: 'viewer', expiresAt: null }],
    ['session', 'session.opened', '', {}],
  ] as const
  return deeds.map(([actor, action, subject, detail], index) => ({
    sequence: 212 - index,
    at: now - index * 47 * 60_000,
    actor,
    action,
    subject,
    detail,
    hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  }))
}
