/** An entry of `walls:` as people write it, and the contract's Wall, both ways. */
import { z } from 'zod'
import type { Json } from '#shared/contract/define.ts'
import { Wall, type WallPage } from '#shared/contract/walls.ts'
import type { EntryField } from './check-entry.ts'
import { formatDuration } from './duration.ts'
import { duration, timeZone } from './schema.ts'

const hourMs = 3_600_000
const { name, title, diagonalInches, distanceMetres, theme, drift } = Wall.shape
const pageTitle = z.string().trim().max(60).default('')
const text = z.string().trim().max(120).default('')
const labels = z.record(z.string(), z.string()).default({})
const stands = duration(5000, hourMs).default(30_000)

const kinds = ['checks', 'alerts', 'uptime', 'host', 'series', 'clock']

const PageEntry = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('checks'), title: pageTitle, for: stands, labels, text }),
    z.strictObject({ kind: z.literal('alerts'), title: pageTitle, for: stands }),
    z.strictObject({ kind: z.literal('uptime'), title: pageTitle, for: stands, labels, text }),
    z.strictObject({ kind: z.literal('host'), title: pageTitle, for: stands }),
    z.strictObject({
      kind: z.literal('series'),
      title: pageTitle,
      for: stands,
      metric: z.string().trim().min(1).max(300),
      labels,
      reduce: z.enum(['avg', 'max', 'rate']).default('avg'),
      unit: z.enum(['none', 'ratio', 'bytes', 'bytesPerSecond', 'perSecond', 'seconds', 'celsius']).default('none'),
      window: duration(60_000, 168 * hourMs).default(hourMs),
    }),
    z.strictObject({ kind: z.literal('clock'), title: pageTitle, for: stands }),
  ],
  { error: `expected a page whose kind is one of ${kinds.join(', ')}.` },
)

export const WallEntry = z.strictObject({
  name,
  title,
  diagonalInches,
  distanceMetres,
  timeZone: timeZone.default('local'),
  theme,
  autofocus: duration(0, 600_000).default(30_000),
  drift,
  pages: z.array(PageEntry).min(1).max(20),
})
export type WallEntry = z.output<typeof WallEntry>

export function wallOf({ autofocus, pages, ...rest }: WallEntry): Wall {
  return { ...rest, autofocusMs: autofocus, pages: pages.map(pageOf) }
}

function pageOf(entry: WallEntry['pages'][number]): WallPage {
  if (entry.kind !== 'series') {
    const { for: showMs, ...rest } = entry
    return { ...rest, showMs }
  }
  const { for: showMs, window: windowMs, ...rest } = entry
  return { ...rest, showMs, windowMs }
}

/** Every field of a wall as it is written, in the order in which a new entry lists them. */
export function wallFieldsOf(wall: Wall): EntryField[] {
  return [
    field('name', wall.name),
    field('title', wall.title),
    field('diagonalInches', wall.diagonalInches, 55),
    field('distanceMetres', wall.distanceMetres, 3),
    field('timeZone', wall.timeZone, 'local'),
    field('theme', wall.theme, 'dark'),
    { ...field('autofocus', formatDuration(wall.autofocusMs), '30s'), isDuration: true },
    field('drift', wall.drift, true),
    field('pages', wall.pages.map(writtenPage)),
  ]
}

function field(key: string, value: Json, fallback?: Json): EntryField {
  return { path: [key], value, isDefault: value === fallback, isDuration: false }
}

/** Without what is as by default. */
function writtenPage(page: WallPage): Json {
  const { kind, title: heading, showMs, ...rest } = page
  const written: Record<string, Json> = { kind }
  if (heading !== '') written['title'] = heading
  if (showMs !== 30_000) written['for'] = formatDuration(showMs)
  if ('metric' in rest) written['metric'] = rest.metric
  if ('labels' in rest && Object.keys(rest.labels).length > 0) written['labels'] = rest.labels
  if ('text' in rest && rest.text !== '') written['text'] = rest.text
  if ('reduce' in rest && rest.reduce !== 'avg') written['reduce'] = rest.reduce
  if ('unit' in rest && rest.unit !== 'none') written['unit'] = rest.unit
  if ('windowMs' in rest && rest.windowMs !== hourMs) written['window'] = formatDuration(rest.windowMs)
  return written
}

/** The wall's own name of a place in an entry, for a form that shows the message beside the field. */
export function wallPathOf(path: readonly (string | number)[]): string {
  const names: Readonly<Record<string, string>> = { autofocus: 'autofocusMs', for: 'showMs', window: 'windowMs' }
  return path.map((part) => names[part] ?? part).join('.')
}
