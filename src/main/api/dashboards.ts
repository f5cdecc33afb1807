/** Handlers of the dashboard calls: translation only. */
import type { DashboardService } from '#main/dashboards/dashboard-service.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import { writtenDashboard } from '#shared/domain/dashboard/written.ts'

export function dashboardHandlers(boards: DashboardService): HandlersOf<'dashboards'> {
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
  }
}
