/**
 * Dashboards as screens see and change them. A board is a file: what ships with Belfry is read-only, and a board of the
 * configuration directory with the same uid takes its place. Whatever is replaced or removed is kept and can be brought
 * back.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { oneAtATime } from '#main/alerts/one-at-a-time.ts'
import type { Events } from '#main/events.ts'
import { stampOf } from '#main/files/file-stamp.ts'
import { systemErrorText } from '#main/files/system-error.ts'
import { watchFiles } from '#main/files/watch-files.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import { keepPace } from '#main/rules/pace.ts'
import type { DashboardProblem, DashboardSummary, DashboardView } from '#shared/contract/dashboards.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { writtenDashboard } from '#shared/domain/dashboard/written.ts'
import { type BoardHistory, boardHistory, type PastBoard } from './board-history.ts'
import { importBoard } from './import-board.ts'
import { type BoardFile, type BoardFiles, boardFileNames, readBoards, revisionOf } from './read-boards.ts'
import { slugOf } from './slug.ts'

/** Within the configuration directory and within the resources. */
const boardsDirectory = 'dashboards'

export interface DashboardService {
  list(): OutputOf<'dashboards.list'>
  /** AppError `not-found`, also for a revision that is not kept. */
  get(uid: string, revision: string | null): Promise<DashboardView>
  /** Rejects with AppError `conflict` unless `basedOn` is the board's present revision, `not-found` for an unknown uid. */
  save(board: Dashboard, basedOn: string, by: string): Promise<DashboardView>
  /** Takes another uid where the board's own is taken. */
  create(board: Dashboard): Promise<DashboardView>
  duplicate(uid: string, title: string): Promise<DashboardView>
  /** Rejects with AppError `unprocessable` for a shipped board that was never changed. */
  remove(uid: string, by: string): Promise<OutputOf<'dashboards.remove'>>
  revisions(uid: string): Promise<OutputOf<'dashboards.revisions'>>
  removed(): Promise<OutputOf<'dashboards.removed'>>
  restore(uid: string, revision: string, by: string): Promise<DashboardView>
  /** Saves nothing. Rejects with AppError `invalid`, `too-large`. */
  import(text: string): Promise<OutputOf<'dashboards.import'>>
  close(): void
}

export interface DashboardServiceOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly events: Events
  readonly configDir: string
  readonly dataDir: string
  readonly resourcesDir: string
}

export async function openDashboards(options: DashboardServiceOptions): Promise<DashboardService> {
  const { clock, timers, logger, events, configDir, dataDir, resourcesDir } = options
  const directory = join(configDir, boardsDirectory)
  const history = boardHistory(join(dataDir, 'dashboard-history'), logger)
  const exclusive = oneAtATime()
  const shipped = await readBoards(join(resourcesDir, boardsDirectory), keepPace(clock))
  for (const problem of shipped.problems) logger.error('a shipped dashboard cannot be read', { ...problem })
  let own: BoardFiles = await readBoards(directory, keepPace(clock))

  async function follow(): Promise<void> {
    const before = signature(own)
    own = await readBoards(directory, keepPace(clock))
    if (signature(own) !== before) events.emit('dashboards.changed', {})
  }

  function found(uid: string): DashboardView {
    const mine = own.boards.get(uid)
    if (mine) return viewOf(mine, shipped.boards.has(uid) ? 'changed' : 'own')
    const theirs = shipped.boards.get(uid)
    if (theirs) return viewOf(theirs, 'shipped')
    throw new AppError('not-found', `There is no dashboard "${uid}". It may have been removed: see the removed ones.`)
  }
  const isTaken = (uid: string) => own.boards.has(uid) || shipped.boards.has(uid)

  async function write(board: Dashboard): Promise<DashboardView> {
    const name = own.boards.get(board.uid)?.name ?? (await freeName(board.uid))
    await orRefused(writeDurably(join(directory, name), writtenDashboard(board), 0o644), `${boardsDirectory}/${name}`)
    await follow()
    return found(board.uid)
  }

  /** A file of that name may hold another board, or be broken: nothing is written over it. */
  async function freeName(uid: string): Promise<string> {
    const names = new Set(await orRefused(boardFileNames(directory), boardsDirectory))
    for (let i = 1; ; i++) {
      const name = i === 1 ? `${uid}.json` : `${uid}-${i}.json`
      if (!names.has(name)) return name
    }
  }

  async function create(board: Dashboard): Promise<DashboardView> {
    return write({ ...board, uid: freeUid(board.uid, isTaken) })
  }

  const stop = watchFiles({
    directories: () => [directory],
    stamp: async () => stampOf((await boardFileNames(directory)).map((name) => join(directory, name))),
    onChange: () => exclusive(follow),
    timers,
    logger,
  })

  return {
    list: () => listed(shipped, own),
    async get(uid, revision) {
      if (revision === null) return found(uid)
      const past = await pastBoard(history, uid, revision)
      return { board: past.board, revision, origin: 'own', file: null, changedAt: past.at }
    },
    save: (board, basedOn, by) =>
      exclusive(async () => {
        await follow()
        const before = found(board.uid)
        if (before.revision !== basedOn) {
          const message = `"${before.board.title}" has been changed since it was opened. Open it again, or save yours as a copy.`
          throw new AppError('conflict', message)
        }
        if (revisionOf(board) === before.revision) return before
        await history.keep(before.board, { at: clock.now(), replacedBy: by, wasRemoved: false })
        return write(board)
      }),
    create: (board) => exclusive(() => create(board)),
    duplicate: (uid, title) => exclusive(() => create({ ...found(uid).board, uid: slugOf(title), title })),
    remove: (uid, by) =>
      exclusive(async () => {
        const { board, revision } = found(uid)
        const file = own.boards.get(uid)
        if (!file) {
          throw new AppError(
            'unprocessable',
            `"${board.title}" ships with Belfry and cannot be removed. It can be changed.`,
          )
        }
        await history.keep(board, { at: clock.now(), replacedBy: by, wasRemoved: true })
        await orRefused(rm(join(directory, file.name)), `${boardsDirectory}/${file.name}`)
        await follow()
        return { uid, title: board.title, revision, shipped: shipped.boards.has(uid) }
      }),
    revisions: async (uid) => (await history.versions(uid)).map(({ board: _, ...version }) => version),
    async removed() {
      const all = await Promise.all((await history.uids()).filter((uid) => !isTaken(uid)).map(history.versions))
      const newest = all.flatMap(([version]) => (version?.wasRemoved ? [version] : []))
      return newest.sort((a, b) => b.at - a.at).map(({ board, ...version }) => ({ ...version, uid: board.uid }))
    },
    restore: (uid, revision, by) =>
      exclusive(async () => {
        const { board } = await pastBoard(history, uid, revision)
        const before = isTaken(uid) ? found(uid) : null
        if (before?.revision === revision) return before
        if (before) await history.keep(before.board, { at: clock.now(), replacedBy: by, wasRemoved: false })
        return write(board)
      }),
    async import(text) {
      const imported = await importBoard(text, keepPace(clock))
      const { uid } = imported.board
      return { ...imported, taken: isTaken(uid) ? found(uid).board.title : null }
    },
    close: stop,
  }
}

function viewOf({ board, revision, name, changedAt }: BoardFile, origin: DashboardView['origin']): DashboardView {
  const isShipped = origin === 'shipped'
  return {
    board,
    revision,
    origin,
    file: isShipped ? null : `${boardsDirectory}/${name}`,
    changedAt: isShipped ? null : changedAt,
  }
}

function listed(shipped: BoardFiles, own: BoardFiles): OutputOf<'dashboards.list'> {
  const boards = [
    ...[...own.boards.values()].map((file) => summaryOf(file, shipped.boards.has(file.board.uid) ? 'changed' : 'own')),
    ...[...shipped.boards.values()]
      .filter(({ board }) => !own.boards.has(board.uid))
      .map((file) => summaryOf(file, 'shipped')),
  ]
  const problems = own.problems.map(
    (problem): DashboardProblem => ({
      ...problem,
      file: problem.file === '' ? boardsDirectory : `${boardsDirectory}/${problem.file}`,
    }),
  )
  return { boards: boards.sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0)), problems }
}

function summaryOf({ board, revision, changedAt }: BoardFile, origin: DashboardSummary['origin']): DashboardSummary {
  const { uid, title, description, tags, panels } = board
  return {
    uid,
    title,
    description,
    tags,
    origin,
    panels: panels.filter(({ type }) => type !== 'row').length,
    revision,
    changedAt: origin === 'shipped' ? null : changedAt,
  }
}

/** Another text whenever something that is told is another. */
function signature({ boards, problems }: BoardFiles): string {
  return JSON.stringify([[...boards].map(([uid, { revision, name }]) => [uid, revision, name]), problems])
}

async function pastBoard(history: BoardHistory, uid: string, revision: string): Promise<PastBoard> {
  const past = (await history.versions(uid)).find((version) => version.revision === revision)
  if (past) return past
  throw new AppError('not-found', `Of the dashboard "${uid}" there is no version "${revision.slice(0, 40)}" any more.`)
}

function freeUid(wanted: string, isTaken: (uid: string) => boolean): string {
  for (let i = 1; ; i++) {
    const uid = i === 1 ? wanted : `${wanted.slice(0, 70)}-${i}`
    if (!isTaken(uid)) return uid
  }
}

async function orRefused<T>(work: Promise<T>, file: string): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new AppError(
      'unavailable',
      `${file} in the configuration directory could not be changed: ${systemErrorText(error)}.`,
    )
  }
}
