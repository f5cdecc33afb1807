/**
 * Dashboards: files of the configuration directory and boards that ship with Belfry. A board is saved with the revision
 * it was based on, so that nobody writes over what another has changed meanwhile.
 */
import { z } from 'zod'
import { Dashboard, DashboardUid } from '../domain/dashboard/dashboard.ts'
import { Instant, Nothing, TimeRange } from './common.ts'
import { defineContract } from './define.ts'

/** What a board is: shipped; shipped and changed here (it can be reset); or a board of one's own. */
const Origin = z.enum(['shipped', 'changed', 'own'])

const DashboardSummary = z.strictObject({
  uid: DashboardUid,
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  origin: Origin,
  panels: z.number().int(),
  /** Another text whenever the board is another. */
  revision: z.string(),
  /** Null for what ships. */
  changedAt: Instant.nullable(),
})
export type DashboardSummary = z.infer<typeof DashboardSummary>

/** A file that is no dashboard. The others are not touched by it. */
const DashboardProblem = z.strictObject({
  /** Relative to the configuration directory, such as `dashboards/shop.json`. */
  file: z.string(),
  /** 1-based; null where the problem is of the whole file. */
  line: z.number().int().nullable(),
  /** Such as `panels[3].grid.w`; empty for the whole file. */
  path: z.string(),
  /** What was expected, what came, what to do. */
  message: z.string(),
})
export type DashboardProblem = z.infer<typeof DashboardProblem>

export const DashboardView = z.strictObject({
  board: Dashboard,
  revision: z.string(),
  origin: Origin,
  /** Relative to the configuration directory; null for what ships. */
  file: z.string().nullable(),
  changedAt: Instant.nullable(),
})
export type DashboardView = z.infer<typeof DashboardView>

/** What a Grafana board has and the imported one has not, or not in full. */
const NotTaken = z.strictObject({
  /** `partly`: it is there in another form. */
  extent: z.enum(['not', 'partly']),
  /** Title of the panel; empty: of the board itself. */
  panel: z.string(),
  /** Such as `targets[1]`, `transformations` or `templating.list[2] (datasource)`. */
  what: z.string(),
  reason: z.string(),
})
export type NotTaken = z.infer<typeof NotTaken>

const Revision = z.strictObject({
  revision: z.string(),
  at: Instant,
  /** Who saved what came after it, such as `desktop` or `token:grafana`. */
  replacedBy: z.string(),
  /** What of it was removed rather than replaced. */
  wasRemoved: z.boolean(),
  title: z.string(),
})
export type DashboardRevision = z.infer<typeof Revision>

/** Values by variable name; `$__all` for all of them. */
const Chosen = z.record(z.string().max(64), z.array(z.string().max(2000)).max(1000))

const ByUid = z.strictObject({ uid: DashboardUid })

/** Longer than any frame may be; what is longer is told as too large rather than as of the wrong shape. */
const mostImported = 20_000_000

export const dashboardsContract = defineContract({
  calls: {
    'dashboards.list': {
      summary: 'All dashboards, by title, and files that are none',
      role: 'viewer',
      input: Nothing,
      output: z.strictObject({ boards: z.array(DashboardSummary), problems: z.array(DashboardProblem) }),
    },
    'dashboards.get': {
      summary: 'One dashboard; with a revision, as it was then',
      role: 'viewer',
      input: ByUid.extend({ revision: z.string().max(100).nullable().default(null) }),
      output: DashboardView,
    },
    'dashboards.save': {
      summary: 'Replace a dashboard; refused when it is no longer the revision that the change was based on',
      role: 'operator',
      input: z.strictObject({ board: Dashboard, basedOn: z.string().max(100) }),
      output: DashboardView,
    },
    'dashboards.create': {
      summary: 'Add a dashboard; where its uid is taken it gets another',
      role: 'operator',
      input: z.strictObject({ board: Dashboard }),
      output: DashboardView,
    },
    'dashboards.duplicate': {
      summary: 'Add a copy of a dashboard under a title of its own',
      role: 'operator',
      input: ByUid.extend({ title: z.string().trim().min(1).max(120) }),
      output: DashboardView,
    },
    'dashboards.remove': {
      summary: 'Remove a dashboard, or reset one that ships with Belfry; can be taken back',
      role: 'operator',
      input: ByUid,
      /** `revision`: what to give to dashboards.restore. `shipped`: what stands there now, where it was reset. */
      output: z.strictObject({ uid: DashboardUid, title: z.string(), revision: z.string(), shipped: z.boolean() }),
    },
    'dashboards.revisions': {
      summary: 'What a dashboard was before, newest first; also of one that was removed',
      role: 'viewer',
      input: ByUid,
      output: z.array(Revision),
    },
    'dashboards.removed': {
      summary: 'Dashboards that were removed and can be brought back, newest first',
      role: 'viewer',
      input: Nothing,
      output: z.array(Revision.extend({ uid: DashboardUid })),
    },
    'dashboards.restore': {
      summary: 'Bring back a revision of a dashboard, or a removed one',
      role: 'operator',
      input: ByUid.extend({ revision: z.string().max(100) }),
      output: DashboardView,
    },
    'dashboards.import': {
      summary: 'What a board of Grafana or of Belfry becomes here, and what of it cannot be taken; nothing is saved',
      role: 'operator',
      input: z.strictObject({ text: z.string().max(mostImported) }),
      output: z.strictObject({
        board: Dashboard,
        format: z.enum(['belfry', 'grafana']),
        notTaken: z.array(NotTaken),
        /** A board that already has this uid; saving the import as new gives it another one. */
        taken: z.string().nullable(),
      }),
      timeoutMs: 60_000,
    },
    'dashboards.exportJson': {
      summary: 'The file of a dashboard, as another Belfry takes it',
      role: 'viewer',
      input: ByUid,
      output: z.strictObject({ fileName: z.string(), text: z.string() }),
    },
    'dashboards.export': {
      summary: 'A dashboard with its data at this moment, as one HTML page without scripts or as PDF',
      role: 'viewer',
      input: ByUid.extend({
        format: z.enum(['html', 'pdf']),
        range: TimeRange,
        variables: Chosen.default({}),
        theme: z.enum(['light', 'dark']).default('light'),
        timeZone: z.string().min(1).max(64).default('UTC'),
        /** Named by the caller, so that progress can be told from that of others. */
        exportId: z.string().max(100).default(''),
      }),
      /** `content` is text for `html` and base64 for `pdf`. */
      output: z.strictObject({ fileName: z.string(), content: z.string() }),
      timeoutMs: 180_000,
    },
  },
  events: {
    /** Boards were added, changed or removed, or a file was broken or mended. */
    'dashboards.changed': z.strictObject({}),
    'dashboards.exportAdvanced': z.strictObject({
      exportId: z.string(),
      /** Panels drawn, of so many. */
      done: z.number().int(),
      total: z.number().int(),
      step: z.enum(['data', 'drawing', 'printing']),
    }),
  },
})
