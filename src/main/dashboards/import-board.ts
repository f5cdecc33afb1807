/** A board from the text of a file: of Belfry as it is, of Grafana as far as it goes. Nothing is saved. */
import { type Pace, resultAtPace } from '#main/rules/pace.ts'
import type { NotTaken } from '#shared/contract/dashboards.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { importGrafana, isGrafanaBoard } from '#shared/domain/dashboard/grafana/import-grafana.ts'
import { parseDashboard } from '#shared/domain/dashboard/upgrade.ts'
import { jsonProblem, lineOfPath } from './json-place.ts'
import { mostBoardBytes, pathText } from './read-boards.ts'
import { slugOf } from './slug.ts'

export interface ImportedBoard {
  readonly board: Dashboard
  readonly format: 'belfry' | 'grafana'
  readonly notTaken: NotTaken[]
}

/** Rejects with AppError `invalid` for what is no board, `too-large` for what no board is as large as. */
export async function importBoard(text: string, pace: Pace): Promise<ImportedBoard> {
  if (text.length > mostBoardBytes) {
    const message = `expected a board of at most ${mostBoardBytes} characters, came ${text.length}: is this the right file?`
    throw new AppError('too-large', message)
  }
  const value = parsed(text.replace(/^\ufeff/, ''))
  await pace.turn()
  if (isGrafanaBoard(value)) {
    const { board, notTaken } = await resultAtPace(importGrafana(value, slugOf), pace)
    return { board, format: 'grafana', notTaken: [...notTaken] }
  }
  const own = parseDashboard(value)
  if (own.ok) return { board: own.value, format: 'belfry', notTaken: [] }
  const issues = own.issues.map(({ path, message }) => ({ path: pathText(path), message }))
  const first = own.issues[0]
  const where = first
    ? `line ${lineOfPath(text, first.path)}${first.path.length > 0 ? `, ${pathText(first.path)}` : ''}: `
    : ''
  throw new AppError('invalid', `This is no dashboard of Belfry or Grafana; ${where}${first?.message ?? ''}`, issues)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { line, message } = jsonProblem(text, error)
    throw new AppError('invalid', `line ${line}: ${message}`)
  }
}
