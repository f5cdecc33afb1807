/** The list of what a board of Grafana has and the imported one has not. */
import type { NotTaken } from '../../../contract/dashboards.ts'

export interface Complaints {
  /** Told of this panel, or of the board itself where it is empty. */
  readonly panel: string
  not(what: string, reason: string): void
  partly(what: string, reason: string): void
  /** The same list, for a panel of that title. */
  of(panel: string): Complaints
}

/** A board with more than this has other worries. */
const mostTold = 500

export function complaints(list: NotTaken[], panel = ''): Complaints {
  const add = (extent: NotTaken['extent'], what: string, reason: string) => {
    const isTold = list.some((one) => one.panel === panel && one.what === what && one.reason === reason)
    if (!isTold && list.length < mostTold) list.push({ extent, panel, what, reason })
  }
  return {
    panel,
    not: (what, reason) => add('not', what, reason),
    partly: (what, reason) => add('partly', what, reason),
    of: (title) => complaints(list, title),
  }
}
