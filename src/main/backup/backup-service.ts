/**
 * Takes a backup a day, and whenever it is asked; keeps as many as the settings say; prepares a restore for the next
 * start. One piece of work at a time, all of it in the backup thread: nothing here reads a database or copies a byte.
 */
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Events } from '#main/events.ts'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import { readWantedRestore, unwantRestore, wantRestore } from '#main/store/backup/restore.ts'
import { type BackupChannel, withBackupThread } from '#main/store/backup-thread.ts'
import type { BackupStatus, BackupView } from '#shared/contract/backup.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import type { Settings } from '#shared/contract/settings.ts'
import { backupsToKeep } from '#shared/domain/backup-retention.ts'
import { createBackupList } from './backup-list.ts'
import { lastDueAt, nextDueAt } from './backup-schedule.ts'

export interface BackupService {
  status(): BackupStatus
  /** Begins; `status` and the event tell the rest. AppError `conflict` while something is under way. */
  create(trigger: 'scheduled' | 'asked'): BackupStatus
  cancel(): BackupStatus
  /** AppError `not-found` for an unknown id, here and below. */
  verify(id: string): Promise<BackupView>
  remove(id: string): Promise<BackupStatus>
  preview(id: string): Promise<OutputOf<'backup.preview'>>
  /** Checks the backup, then has the next start restore it. AppError `unprocessable` when it is not whole. */
  restore(id: string, withConfiguration: boolean): Promise<BackupStatus>
  cancelRestore(): BackupStatus
  /** Of the newest whole backup; null when there is none. */
  newestAt(): number | null
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>
  close(): Promise<void>
}

export interface BackupServiceOptions {
  readonly ports: { readonly clock: Clock; readonly timers: Timers; readonly logger: Logger }
  readonly events: Events
  readonly notices: Notices
  /** As they are when they are needed. */
  readonly settings: () => Settings['backup']
  readonly dataDir: string
  readonly configDir: string
  readonly version: string
  readonly canRestart: boolean
  /** See BackupTask. */
  readonly leaveFreeBytes?: number
  /** Starts the thread, or a test's. */
  readonly withThread?: typeof withBackupThread
}

const lookEveryMs = 60_000
/** A start has other things to do first. */
const firstLookMs = 10 * 60_000
/** After a failed one. */
const retryAfterMs = 60 * 60_000
const tellEveryMs = 500
/** So that Belfry itself goes on with a disk that is nearly full. */
const defaultLeaveFreeBytes = 512 * 1024 * 1024

export function createBackupService(options: BackupServiceOptions): BackupService {
  const { ports, events, notices, settings, dataDir, configDir, version, canRestart } = options
  const { clock, timers, logger } = ports
  const { leaveFreeBytes = defaultLeaveFreeBytes, withThread = withBackupThread } = options
  const list = createBackupList()
  let work: { readonly status: NonNullable<BackupStatus['work']>; readonly abort: AbortController } | null = null
  let underWay: Promise<void> = Promise.resolve()
  let failure: BackupStatus['failure'] = null
  let isClosed = false

  const directory = () => directoryOf(settings(), dataDir)

  function status(): BackupStatus {
    const { enabled, at } = settings()
    const wanted = readWantedRestore(dataDir)
    const { backups, problem } = list(directory())
    return {
      isEnabled: enabled,
      nextAt: enabled ? nextDueAt(clock.now(), at) : null,
      directory: directory(),
      backups,
      work: work?.status ?? null,
      failure: failure ?? (problem === null ? null : { at: clock.now(), message: problem }),
      wanted: wanted && {
        takenAt: wanted.takenAt,
        requestedAt: wanted.requestedAt,
        withConfiguration: wanted.withConfiguration,
      },
      canRestart,
    }
  }

  const tell = () => events.emit('backup.changed', status())

  /** One piece of work at a time; its progress is told while it lasts. */
  async function doing<T>(
    what: 'backup' | 'verification',
    run: (channel: BackupChannel, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (isClosed) throw new AppError('unavailable', 'Belfry is closing.')
    if (work) throw new AppError('conflict', `A ${work.status.what} is under way. Wait for it or cancel it.`)
    const abort = new AbortController()
    const status = { what, phase: 'idle', startedAt: clock.now(), doneBytes: 0, totalBytes: 0 } as const
    work = { status, abort }
    tell()
    let finish = () => {}
    underWay = new Promise((resolve) => {
      finish = resolve
    })
    try {
      return await withThread(logger, async (channel) => {
        const stop = timers.every(tellEveryMs, () => {
          channel.call('work.progress', undefined).then(
            (progress) => {
              if (work?.abort !== abort) return
              work = { abort, status: { ...status, ...progress } }
              tell()
            },
            () => undefined, // The thread ended between two looks: the work itself says how.
          )
        })
        try {
          return await run(channel, abort.signal)
        } finally {
          stop()
        }
      })
    } finally {
      work = null
      finish()
      if (!isClosed) tell()
    }
  }

  async function take(trigger: 'scheduled' | 'asked'): Promise<void> {
    const takenAt = clock.now()
    try {
      const name = await doing('backup', (channel, signal) =>
        channel.call(
          'backup.take',
          { dataDir, configDir, directory: directory(), takenAt, version, trigger, leaveFreeBytes },
          { signal },
        ),
      )
      failure = null
      notices.withdraw('backup.failed')
      logger.info('a backup was taken', { backup: name, tookMs: clock.now() - takenAt })
      await removeBeyondRetention()
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict') throw error
      if (isAborted(error)) return
      failure = { at: clock.now(), message: messageOf(error) }
      logger.error('no backup could be taken', { error })
      notices.raise({
        id: 'backup.failed',
        level: 'error',
        title: 'No backup could be taken',
        message: `${failure.message} It is tried again in an hour.`,
      })
    }
    tell()
  }

  async function removeBeyondRetention(): Promise<void> {
    const all = list(directory()).backups
    const whole = all.filter(({ verdict }) => verdict?.problem === null)
    const kept = backupsToKeep(whole, settings())
    const oldestKeptAt = Math.min(...whole.filter(({ id }) => kept.has(id)).map(({ takenAt }) => takenAt))
    // A broken one is evidence as long as it is among those that would be kept.
    const gone = all.filter(({ id, takenAt, verdict }) =>
      verdict?.problem === null ? !kept.has(id) : takenAt < oldestKeptAt,
    )
    for (const { id } of gone) {
      await withThread(logger, (channel) => channel.call('backup.remove', { directory: directory(), name: id }))
      logger.info('a backup beyond its retention was removed', { backup: id })
    }
  }

  /** Due, and neither under way nor just failed. A console that was off at the time makes up for it. */
  function lookAtClock(): void {
    const now = clock.now()
    const { enabled, at } = settings()
    if (!enabled || work || isClosed) return
    if (failure && now - failure.at < retryAfterMs) return
    const newest = list(directory()).backups[0]?.takenAt ?? 0
    // A clock that was ahead must not keep backups from being taken for as long as it was.
    if (newest >= lastDueAt(now, at) && newest <= now) return
    take('scheduled').catch((error: unknown) => logger.error('a scheduled backup did not begin', { error }))
  }

  function found(id: string): BackupView {
    const backup = list(directory()).backups.find((one) => one.id === id)
    if (backup) return backup
    throw new AppError('not-found', `There is no backup "${id}" in ${directory()}.`)
  }

  async function verify(id: string): Promise<BackupView> {
    found(id)
    const folder = join(directory(), id)
    const problem = await doing('verification', (channel, signal) =>
      channel.call('backup.verify', { folder, at: clock.now() }, { signal }),
    )
    const noticeId = `backup.broken:${id}`
    if (problem === null) notices.withdraw(noticeId)
    else {
      notices.raise({
        id: noticeId,
        level: 'error',
        title: 'A backup is damaged',
        message: `${folder}: ${problem} It is not counted as a backup any more. Take a new one, and check the disk.`,
      })
    }
    return found(id)
  }

  let stopEvery = () => {}
  const stopFirst = timers.after(firstLookMs, () => {
    lookAtClock()
    stopEvery = timers.every(lookEveryMs, lookAtClock)
  })

  return {
    status,
    create(trigger) {
      if (work) throw new AppError('conflict', `A ${work.status.what} is under way. Wait for it or cancel it.`)
      take(trigger).catch((error: unknown) => logger.error('a backup did not begin', { error }))
      return status()
    },
    cancel() {
      work?.abort.abort(new AppError('closed', 'It was cancelled.'))
      return status()
    },
    verify,
    async remove(id) {
      found(id)
      await withThread(logger, (channel) => channel.call('backup.remove', { directory: directory(), name: id }))
      notices.withdraw(`backup.broken:${id}`)
      tell()
      return status()
    },
    async preview(id) {
      const backup = found(id)
      const folder = join(directory(), id)
      const tables = await withThread(logger, (channel) => channel.call('backup.compare', { dataDir, folder }))
      return {
        backup,
        lostFrom: Math.min(backup.takenAt, clock.now()),
        lostTo: clock.now(),
        tables,
        neededBytes: backup.bytes,
        freeBytes: await freeBytesOf(dataDir),
      }
    },
    async restore(id, withConfiguration) {
      const { takenAt } = found(id)
      const { verdict } = await verify(id)
      if (verdict?.problem != null) {
        throw new AppError('unprocessable', `This backup is damaged and was not chosen: ${verdict.problem}`)
      }
      const folder = join(directory(), id)
      wantRestore(dataDir, { folder, takenAt, requestedAt: clock.now(), withConfiguration })
      logger.warn('the next start restores a backup', { backup: id, withConfiguration })
      tell()
      return status()
    },
    cancelRestore() {
      unwantRestore(dataDir)
      tell()
      return status()
    },
    newestAt: () => list(directory()).backups.find(({ verdict }) => verdict?.problem === null)?.takenAt ?? null,
    idle: () => underWay,
    async close() {
      isClosed = true
      stopFirst()
      stopEvery()
      work?.abort.abort(new AppError('closed', 'Belfry is closing.'))
      await underWay
    },
  }
}

/** Where backups lie: in the data directory unless the settings name another. */
function directoryOf({ directory }: Pick<Settings['backup'], 'directory'>, dataDir: string): string {
  return directory === '' ? join(dataDir, 'backups') : directory
}

async function freeBytesOf(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return bsize > 0 ? bavail * bsize : null
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return freeBytesOf(dirname(directory))
    throw error
  }
}

const isAborted = (error: unknown) => error instanceof AppError && error.code === 'closed'

function messageOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  if (systemErrorCode(error) !== null) return `${systemErrorText(error)}.`
  return error instanceof Error ? error.message : String(error)
}
