/**
 * A dashboard as its file holds it: variables, annotations and panels on a grid of 24 columns. Written without what is as
 * by default; a field that is not known is an error, so that a typing error never goes unseen.
 */
import { z } from 'zod'
import { parseDurationMs } from '../../promql/duration.ts'
import { Annotation } from './annotation.ts'
import { Link, Panel } from './panels.ts'
import { Variable } from './variable.ts'
import { variableWaves } from './variables.ts'

/** The version that is written. Older ones are brought to it, see upgrade.ts. */
export const dashboardVersion = 1

export const DashboardUid = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,79}$/, {
  error: 'expected lower case letters, digits, dashes and underscores, at most 80, such as "this-machine".',
})

export const Dashboard = z
  .strictObject({
    /** For editors. */
    $schema: z.string().max(500).optional(),
    version: z.literal(dashboardVersion),
    /** Names the board in its address: `/dashboards/<uid>`. */
    uid: DashboardUid,
    title: z.string().trim().min(1).max(120),
    description: z.string().max(5000).default(''),
    tags: z.array(z.string().trim().min(1).max(60)).max(30).default([]),
    /** As it is typed: `now-6h`, `now/d`, `2026-01-05 14:00`. */
    timeRange: z
      .strictObject({ from: z.string().max(40).default('now-6h'), to: z.string().max(40).default('now') })
      .prefault({}),
    /** `auto`: as often as there is something new; `off`; or a duration such as `30s`. */
    refresh: z
      .string()
      .refine((text) => ['auto', 'off'].includes(text) || (parseDurationMs(text) ?? 0) >= 1000, {
        error: 'expected "auto", "off" or a duration of at least 1s, such as 30s.',
      })
      .default('auto'),
    variables: z.array(Variable).max(50).default([]),
    annotations: z.array(Annotation).max(20).default([]),
    links: z.array(Link).max(20).default([]),
    panels: z.array(Panel).max(500).default([]),
  })
  .superRefine(({ variables, panels }, context) => {
    const names = new Set<string>()
    for (const [index, { name }] of variables.entries()) {
      if (names.has(name)) complain(['variables', index, 'name'], `expected names to differ, came "${name}" twice.`)
      names.add(name)
    }
    const { cycle } = variableWaves(variables)
    if (cycle) {
      complain(['variables'], `expected variables that can be asked one after another, came ${cycle.join(' → ')}.`)
    }
    const ids = new Set<number>()
    for (const [index, panel] of panels.entries()) {
      if (ids.has(panel.id)) complain(['panels', index, 'id'], `expected ids to differ, came ${panel.id} twice.`)
      ids.add(panel.id)
      if (panel.repeat !== null && !names.has(panel.repeat.variable)) {
        const there = [...names].join(', ') || 'none'
        complain(
          ['panels', index, 'repeat', 'variable'],
          `expected a variable of this board (${there}), came "${panel.repeat.variable}".`,
        )
      }
    }
    function complain(path: (string | number)[], message: string): void {
      context.addIssue({ code: 'custom', path, message })
    }
  })
export type Dashboard = z.infer<typeof Dashboard>
/** As files and requests hold it: what is as by default may be left out. */
export type DashboardInput = z.input<typeof Dashboard>
