/** New boards, and new panels from expressions. Pure. */
import { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { compacted, freeId, freePlace } from '#shared/domain/dashboard/layout.ts'
import { Panel } from '#shared/domain/dashboard/panels.ts'

/** Names the board in its address; the console gives it another where it is taken. */
export function uidOf(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return plain || 'dashboard'
}

export function emptyBoard(title: string): Dashboard {
  return Dashboard.parse({ version: 1, uid: uidOf(title), title })
}

/** The board with a panel more that asks these expressions, at the first free place. */
export function withExpressions(board: Dashboard, expressions: readonly string[]): Dashboard {
  const panel = Panel.parse({
    type: 'timeseries',
    id: freeId(board.panels),
    title: expressions[0]?.slice(0, 80) ?? 'New panel',
    grid: freePlace(board.panels, { w: 12, h: 8 }),
    targets: expressions.map((expr, index) => ({ refId: String.fromCharCode(65 + index), expr })),
  })
  return { ...board, panels: compacted([...board.panels, panel]) }
}
