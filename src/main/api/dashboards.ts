/** Handlers of the dashboard calls: translation only. */
import type { DashboardService } from '#main/dashboards/dashboard-service.ts'
import type { ExportBoard } from '#main/dashboards/export-board.ts'
import type { Events } from '#main/events.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import { writtenDashboard } from '#shared/domain/dashboard/written.ts'
import { abortSignalOf } from './abort-signal.ts'

interface DashboardHandlerOptions {
  readonly boards: DashboardService
  readonly exportBoard: ExportBoard
  readonly events: Events
}

export function dashboardHandlers({ boards, exportBoard, events }: DashboardHandlerOptions): HandlersOf<'dashboards'> {
  return {
    'dashboards.list': () => boards.list(),
    'dashboards.get': ({ uid, revision }) => boards.get(uid, revision),
    'dashboards.save': ({ board, basedOn }, { caller }) => boards.save(board, basedOn, caller.name),
    'dashboards.create': ({ board }) => boards.create(board),
    'dashboards.duplicate': ({ uid, title }) => boards.duplicate(uid, title),
    'dashboards.remove': ({ uid }, { caller }) => boards.remove(uid, caller.name),
    'dashboards.revisions': ({ uid }) => boards.revisions(uid),
    'dashboards.removed': () => boards.removed(),
    'dashboards.restore': ({ uid, revision }, { caller }) => boards.restore(uid, revision, caller.name),
    'dashboards.import': ({ text }) => boards.import(text),
    async 'dashboards.exportJson'({ uid }) {
      const { board } = await boards.get(uid, null)
      return { fileName: `${uid}.json`, text: writtenDashboard(board) }
    },
    async 'dashboards.export'(asked, { signal }) {
      const { board } = await boards.get(asked.uid, null)
      const { exportId } = asked
      const told: Parameters<ExportBoard>[2] = (progress) =>
        events.emit('dashboards.exportAdvanced', { exportId, ...progress })
      return exportBoard(board, asked, told, abortSignalOf(signal))
    },
  }
}
