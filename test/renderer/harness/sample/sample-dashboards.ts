/** Dashboards of the sample console: one board with every kind of panel, and whatever is made of it. */
import type { DashboardView } from '#shared/contract/dashboards.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { EventName, HandlersOf, PayloadOf } from '#shared/contract/index.ts'
import { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { importGrafana, isGrafanaBoard } from '#shared/domain/dashboard/grafana/import-grafana.ts'
import { writtenDashboard } from '#shared/domain/dashboard/written.ts'
import { resultOf } from '#shared/promql/steps.ts'
import sampleBoard from '../../../domain/dashboard/sample-board.json'
import { workstationBoard } from './workstation-board.ts'

type Emit = <K extends EventName>(name: K, payload: PayloadOf<K>) => void

export function sampleDashboardHandlers(emit: Emit): HandlersOf<'dashboards'> {
  let count = 0
  const boards = new Map<string, DashboardView>()
  const past: DashboardView[] = []
  const put = (board: Dashboard): DashboardView => {
    const before = boards.get(board.uid)
    if (before) past.unshift(before)
    const view: DashboardView = {
      board,
      revision: `r${++count}`,
      origin: 'own',
      file: `dashboards/${board.uid}.json`,
      changedAt: Date.now(),
    }
    boards.set(board.uid, view)
    return view
  }
  const change = (board: Dashboard) => {
    const view = put(board)
    emit('dashboards.changed', {})
    return view
  }
  const get = (uid: string) => {
    const view = boards.get(uid)
    if (!view) throw new AppError('not-found', `There is no dashboard "${uid}".`)
    return view
  }
  const create = (board: Dashboard) =>
    change(boards.has(board.uid) ? { ...board, uid: `${board.uid}-${count + 1}` } : board)
  const toldOf = ({ board, revision, changedAt }: DashboardView) => ({
    revision,
    at: changedAt ?? 0,
    replacedBy: 'sample',
    wasRemoved: !boards.has(board.uid),
    title: board.title,
  })
  put(Dashboard.parse(sampleBoard))
  put(Dashboard.parse(workstationBoard))
  return {
    'dashboards.list': () => ({
      boards: [...boards.values()].map(({ board, origin, revision, changedAt }) => ({
        uid: board.uid,
        title: board.title,
        description: board.description,
        tags: board.tags,
        panels: board.panels.length,
        origin,
        revision,
        changedAt,
      })),
      problems: [],
    }),
    'dashboards.get': ({ uid, revision }) =>
      revision === null ? get(uid) : (past.find((view) => view.revision === revision) ?? get(uid)),
    'dashboards.save'({ board, basedOn }) {
      if (get(board.uid).revision !== basedOn) {
        throw new AppError('conflict', `"${board.title}" has been changed since it was opened.`)
      }
      return change(board)
    },
    'dashboards.create': ({ board }) => create(board),
    'dashboards.duplicate': ({ uid, title }) => create({ ...get(uid).board, title }),
    'dashboards.remove'({ uid }) {
      const view = get(uid)
      boards.delete(uid)
      past.unshift(view)
      emit('dashboards.changed', {})
      return { uid, title: view.board.title, revision: view.revision, shipped: false }
    },
    'dashboards.revisions': ({ uid }) => past.filter(({ board }) => board.uid === uid).map(toldOf),
    'dashboards.removed': () =>
      past.filter(({ board }) => !boards.has(board.uid)).map((view) => ({ ...toldOf(view), uid: view.board.uid })),
    'dashboards.restore'({ uid, revision }) {
      const view = past.find((one) => one.board.uid === uid && one.revision === revision)
      if (!view) throw new AppError('not-found', `There is no version "${revision}".`)
      return put(view.board)
    },
    async 'dashboards.import'({ text }) {
      const value: unknown = JSON.parse(text)
      if (!isGrafanaBoard(value)) return { board: Dashboard.parse(value), format: 'belfry', notTaken: [], taken: null }
      const { board, notTaken } = resultOf(importGrafana(value, () => 'imported'))
      return { board, format: 'grafana', notTaken: [...notTaken], taken: boards.get(board.uid)?.board.title ?? null }
    },
    'dashboards.exportJson': ({ uid }) => ({ fileName: `${uid}.json`, text: writtenDashboard(get(uid).board) }),
    'dashboards.export': ({ uid, format }) => ({
      fileName: `${uid}.${format}`,
      content: format === 'html' ? `<!doctype html><title>${uid}</title>` : btoa('%PDF-1.4'),
    }),
  }
}
