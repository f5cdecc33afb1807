/**
 * Walls: what a screen on a wall shows, page after page, and the feed it lives on. A wall is configuration; its feed is
 * everything that one page needs, put together by the console, so that a screen can be let in to its wall alone.
 */
import { z } from 'zod'
import { StateTotals, TimelineState } from './checks.ts'
import { DurationMs, Instant, Labels, Nothing, Severity } from './common.ts'
import { defineContract } from './define.ts'

/** No screen shows more tiles than a glance can take in. */
export const mostTiles = 12
/** How often a screen asks; two of these without an answer are told as a feed that has stopped. Milliseconds. */
export const wallFeedMs = 2000

/** All that a screen let in by a link may hear: that something changed, and not what. */
export const wallEvents = ['walls.changed', 'walls.stirred'] as const

const pageFields = {
  /** Empty: the wall's own title. */
  title: z.string().trim().max(60).default(''),
  /** How long the page stands before the next one comes. */
  showMs: DurationMs.min(5000).max(3_600_000).default(30_000),
}
/** Which checks: all of these hold; empty ones ask for nothing. */
const filterFields = {
  labels: Labels.default({}),
  /** Part of a name or a target, in any case. */
  text: z.string().trim().max(120).default(''),
}

export const WallPage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('checks'), ...pageFields, ...filterFields }),
  z.strictObject({ kind: z.literal('alerts'), ...pageFields }),
  z.strictObject({ kind: z.literal('uptime'), ...pageFields, ...filterFields }),
  z.strictObject({ kind: z.literal('host'), ...pageFields }),
  z.strictObject({
    kind: z.literal('series'),
    ...pageFields,
    metric: z.string().trim().min(1).max(300),
    /** Values that the series' labels must have. */
    labels: Labels.default({}),
    reduce: z.enum(['avg', 'max', 'rate']).default('avg'),
    unit: z.enum(['none', 'ratio', 'bytes', 'bytesPerSecond', 'perSecond', 'seconds', 'celsius']).default('none'),
    windowMs: DurationMs.min(60_000)
      .max(7 * 86_400_000)
      .default(3_600_000),
  }),
  z.strictObject({ kind: z.literal('clock'), ...pageFields }),
])
export type WallPage = z.infer<typeof WallPage>

export const Wall = z.strictObject({
  /** Its place in the address: `/wall/<name>`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
    error: 'expected lower case letters, digits and dashes, at most 40, such as "lobby".',
  }),
  title: z.string().trim().min(1).max(60),
  pages: z.array(WallPage).min(1).max(20),
  /** The screen's diagonal. */
  diagonalInches: z.number().min(5).max(300).default(55),
  /** From where it must be read. */
  distanceMetres: z.number().min(0.3).max(50).default(3),
  timeZone: z.string().min(1).max(64).default('local'),
  theme: z.enum(['dark', 'light']).default('dark'),
  /** What breaks is shown large for so long; 0: never. */
  autofocusMs: DurationMs.max(600_000).default(30_000),
  /** Shift the picture slowly by a few pixels, against burn-in. */
  drift: z.boolean().default(true),
})
export type Wall = z.infer<typeof Wall>

export const WallTile = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: TimelineState,
  stateSince: Instant,
  /** Why, in a sentence; empty while all is well. */
  message: z.string(),
  /** Of the last 24 h, 0..1; null where nothing was observed. */
  availabilityRatio: z.number().nullable(),
  latencyMs: z.number().nullable(),
})
export type WallTile = z.infer<typeof WallTile>

export const WallAlert = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity: Severity,
  state: z.enum(['firing', 'recovering', 'resolved']),
  since: Instant,
  isAcknowledged: z.boolean(),
})
export type WallAlert = z.infer<typeof WallAlert>

const UptimeRow = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: TimelineState,
  dayRatio: z.number().nullable(),
  weekRatio: z.number().nullable(),
  monthRatio: z.number().nullable(),
  /** Oldest first, equal stretches of the last 24 h. */
  bar: z.array(TimelineState),
})
export type UptimeRow = z.infer<typeof UptimeRow>

const WallChart = z.strictObject({
  title: z.string(),
  unit: z.enum(['none', 'ratio', 'bytes', 'bytesPerSecond', 'bitsPerSecond', 'perSecond', 'seconds', 'celsius']),
  range: z.strictObject({ from: Instant, to: Instant }),
  stepMs: z.number(),
  times: z.array(Instant),
  /** The top of the axis where it is known. */
  max: z.number().nullable(),
  series: z.array(z.strictObject({ label: z.string(), values: z.array(z.number().nullable()) })),
})
export type WallChart = z.infer<typeof WallChart>

/** How many checks are in each state. */
const Counts = StateTotals

export const WallContent = z.discriminatedUnion('kind', [
  /** `more`: how many are not among the tiles; `moreAbnormal` of them are not well. */
  z.strictObject({
    kind: z.literal('checks'),
    tiles: z.array(WallTile).max(mostTiles),
    counts: Counts,
    more: z.number().int(),
    moreAbnormal: z.number().int(),
  }),
  z.strictObject({ kind: z.literal('alerts'), alerts: z.array(WallAlert), more: z.number().int() }),
  z.strictObject({ kind: z.literal('uptime'), rows: z.array(UptimeRow), more: z.number().int() }),
  z.strictObject({ kind: z.literal('charts'), note: z.string(), charts: z.array(WallChart) }),
  z.strictObject({ kind: z.literal('clock') }),
])
export type WallContent = z.infer<typeof WallContent>

export const WallView = z.strictObject({
  wall: Wall,
  /** Which page `content` is of; the first one where there is no such page any more. */
  page: z.number().int(),
  content: WallContent,
  /** Newest first, at most eight. */
  news: z.array(WallAlert),
  /** Checks of this wall that are down now, newest first, at most eight. */
  broken: z.array(WallTile),
  at: Instant,
  /** The newest sample or result; null before the first. */
  observedAt: Instant.nullable(),
  /** A page of another version than its console loads itself again. */
  version: z.string(),
})
export type WallView = z.infer<typeof WallView>

export const WallDisplay = z.strictObject({
  id: z.string(),
  label: z.string(),
  widthPx: z.number(),
  heightPx: z.number(),
  isPrimary: z.boolean(),
  /** Name of the wall it shows; null: none. */
  wall: z.string().nullable(),
})
export type WallDisplay = z.infer<typeof WallDisplay>

const ByName = z.strictObject({ name: z.string().max(60) })
const pageIndex = z.number().int().min(0).max(1000)

export const wallsContract = defineContract({
  calls: {
    'walls.list': { summary: 'All walls', role: 'viewer', input: Nothing, output: z.array(Wall) },
    'walls.save': {
      summary: 'Create a wall (name null) or replace one; written into belfry.yaml',
      role: 'operator',
      input: z.strictObject({ name: z.string().max(60).nullable().default(null), wall: Wall }),
      output: Wall,
    },
    'walls.remove': { summary: 'Remove a wall', role: 'operator', input: ByName, output: Wall },
    'walls.view': {
      summary: 'What one page of a wall shows now',
      role: 'wall',
      input: ByName.extend({ page: pageIndex.default(0) }),
      output: WallView,
    },
    'walls.preview': {
      summary: 'What a page would show, without saving the wall',
      role: 'viewer',
      input: z.strictObject({ wall: Wall, page: pageIndex.default(0) }),
      output: WallView,
    },
    'walls.link': {
      summary: 'A link that lets a browser see this wall and nothing else; told this once',
      role: 'admin',
      input: ByName,
      output: z.strictObject({ tokenId: z.string(), path: z.string() }),
    },
    'walls.displays': {
      summary: 'Displays of this machine that can show a wall; none where there is no desktop',
      role: 'viewer',
      input: Nothing,
      output: z.array(WallDisplay),
    },
    'walls.show': {
      summary: 'Show a wall on a display of this machine; name null takes it away',
      role: 'operator',
      input: z.strictObject({ display: z.string(), name: z.string().max(60).nullable() }),
      output: z.array(WallDisplay),
    },
  },
  events: {
    /** The list of walls is another one. */
    'walls.changed': z.strictObject({}),
    /** Something that a wall may show has changed: ask again now rather than with the next turn. */
    'walls.stirred': z.strictObject({ at: Instant }),
  },
})
