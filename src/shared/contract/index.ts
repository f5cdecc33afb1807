/** The whole contract: one line per feature. */
import { absenceContract } from './absence.ts'
import { alertsContract } from './alerts.ts'
import { auditContract } from './audit.ts'
import { backupContract } from './backup.ts'
import { careContract } from './care.ts'
import { checksContract } from './checks.ts'
import { collectorsContract } from './collectors.ts'
import { configContract } from './config.ts'
import { consoleContract } from './console.ts'
import { dashboardsContract } from './dashboards.ts'
import type { CallInput, CallOutput, EventPayload, Handlers } from './define.ts'
import { hostContract } from './host.ts'
import { metricsContract } from './metrics.ts'
import { probesContract } from './probes.ts'
import { queryContract } from './query.ts'
import { scrapeContract } from './scrape.ts'
import { settingsContract } from './settings.ts'
import { wallsContract } from './walls.ts'

export const contract = {
  calls: {
    ...consoleContract.calls,
    ...absenceContract.calls,
    ...hostContract.calls,
    ...metricsContract.calls,
    ...queryContract.calls,
    ...checksContract.calls,
    ...probesContract.calls,
    ...collectorsContract.calls,
    ...alertsContract.calls,
    ...settingsContract.calls,
    ...configContract.calls,
    ...auditContract.calls,
    ...backupContract.calls,
    ...careContract.calls,
    ...wallsContract.calls,
    ...scrapeContract.calls,
    ...dashboardsContract.calls,
  },
  events: {
    ...consoleContract.events,
    ...metricsContract.events,
    ...checksContract.events,
    ...collectorsContract.events,
    ...alertsContract.events,
    ...settingsContract.events,
    ...configContract.events,
    ...backupContract.events,
    ...wallsContract.events,
    ...scrapeContract.events,
    ...dashboardsContract.events,
  },
} as const

export type BelfryContract = typeof contract
export type CallName = keyof BelfryContract['calls']
export type EventName = keyof BelfryContract['events']
export type InputOf<K extends CallName> = CallInput<BelfryContract['calls'][K]>
export type OutputOf<K extends CallName> = CallOutput<BelfryContract['calls'][K]>
export type PayloadOf<K extends EventName> = EventPayload<BelfryContract, K>
export type BelfryHandlers = Handlers<BelfryContract>
/** The handlers of one feature: those whose names begin with its prefix. */
export type HandlersOf<Prefix extends string> = Pick<BelfryHandlers, Extract<CallName, `${Prefix}.${string}`>>
