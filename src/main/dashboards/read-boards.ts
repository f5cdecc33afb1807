/** Dashboards as their files hold them. A file that is none is named with line and reason, and leaves the others alone. */
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readPlainFile } from '#main/config/source-files.ts'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import type { Pace } from '#main/rules/pace.ts'
import type { DashboardProblem } from '#shared/contract/dashboards.ts'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { parseDashboard } from '#shared/domain/dashboard/upgrade.ts'
import { writtenDashboard } from '#shared/domain/dashboard/written.ts'
import { jsonProblem, lineOfPath } from './json-place.ts'

/** A file of a dashboard is smaller by far; more is another kind of file. */
export const mostBoardBytes = 2_000_000
/** More is a mistake, such as a link to the root of a disk. */
const mostFiles = 2000
/** Of one file; the rest is seldom worth reading. */
const mostProblems = 20

export interface BoardFile {
  readonly board: Dashboard
  readonly revision: string
  /** Name within its directory, such as `shop.json`. */
  readonly name: string
  readonly changedAt: number
}

export interface BoardFiles {
  /** By uid. */
  readonly boards: ReadonlyMap<string, BoardFile>
  /** `file` is the name within the directory. */
  readonly problems: readonly DashboardProblem[]
}

/** A revision is the same for the same board, however its file is written. */
export function revisionOf(board: Dashboard): string {
  return createHash('sha256').update(writtenDashboard(board)).digest('hex').slice(0, 16)
}

/** Names of the files in a directory that would be dashboards; none where there is no directory. */
export async function boardFileNames(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => /^[^.].*\.json$/.test(name)).sort()
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Never rejects: a directory that cannot be read is a problem like any other. */
export async function readBoards(directory: string, pace: Pace): Promise<BoardFiles> {
  const boards = new Map<string, BoardFile>()
  const problems: DashboardProblem[] = []
  for (const name of await namesIn(directory, problems)) {
    const read = await readBoard(directory, name)
    if (read === null) continue
    if (!read.ok) problems.push(...read.problems)
    else {
      const { uid } = read.file.board
      const other = boards.get(uid)
      if (other === undefined) boards.set(uid, read.file)
      else {
        const message = `expected a uid of its own, came "${uid}", which ${other.name} has already: change one of them.`
        problems.push({ file: name, line: null, path: 'uid', message })
      }
    }
    if (pace.isDue()) await pace.turn()
  }
  return { boards, problems }
}

async function namesIn(directory: string, problems: DashboardProblem[]): Promise<string[]> {
  const complain = (message: string) => problems.push({ file: '', line: null, path: '', message })
  try {
    const names = await boardFileNames(directory)
    if (names.length <= mostFiles) return names
    complain(`expected at most ${mostFiles} files, came ${names.length}: is this the right directory?`)
  } catch (error) {
    complain(`The directory cannot be read: ${systemErrorText(error)}.`)
  }
  return []
}

type Read =
  | { readonly ok: true; readonly file: BoardFile }
  | { readonly ok: false; readonly problems: DashboardProblem[] }

/** Null when the file went meanwhile. */
async function readBoard(directory: string, name: string): Promise<Read | null> {
  const refused = (message: string, line: number | null = null): Read => ({
    ok: false,
    problems: [{ file: name, line, path: '', message }],
  })
  const path = join(directory, name)
  const read = await readPlainFile(path, mostBoardBytes)
  if (read === null) return null
  if ('problem' in read) return refused(read.problem, read.line ?? null)
  const { text } = read
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    const { line, message } = jsonProblem(text, error)
    return refused(message, line)
  }
  const parsed = parseDashboard(value)
  if (parsed.ok) {
    const board = parsed.value
    return { ok: true, file: { board, revision: revisionOf(board), name, changedAt: await changeOf(path) } }
  }
  const issues = parsed.issues.slice(0, mostProblems)
  const problems = issues.map(({ path: where, message }) => ({
    file: name,
    line: lineOfPath(text, where),
    path: pathText(where),
    message,
  }))
  return { ok: false, problems }
}

async function changeOf(path: string): Promise<number> {
  try {
    return Math.max(0, Math.floor((await stat(path)).mtimeMs))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 0
    throw error
  }
}

/** `panels[3].grid.w` */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}
