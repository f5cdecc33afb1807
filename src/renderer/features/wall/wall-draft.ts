/** A wall as it is being typed, and back: every field is text until it is a wall. Pure. */
import { Wall, type WallPage } from '#shared/contract/walls.ts'
import { parseQuantity, quantityText } from '../../ui/form/quantity-text.ts'

export interface PageDraft {
  /** For the list: pages are moved and have nothing else that stays theirs. */
  readonly id: number
  readonly kind: WallPage['kind']
  readonly title: string
  readonly show: string
  /** Such as `team=shop, tier=1`. */
  readonly labels: string
  readonly text: string
  readonly metric: string
  readonly reduce: Extract<WallPage, { kind: 'series' }>['reduce']
  readonly unit: Extract<WallPage, { kind: 'series' }>['unit']
  readonly window: string
}

export interface WallDraft {
  readonly name: string
  readonly title: string
  readonly diagonal: string
  readonly distance: string
  readonly timeZone: string
  readonly theme: Wall['theme']
  readonly autofocus: string
  readonly drift: boolean
  readonly pages: readonly PageDraft[]
}

export type ReadDraft =
  | { readonly ok: true; readonly wall: Wall }
  /** By place, such as `name` or `pages.2.metric`. */
  | { readonly ok: false; readonly problems: ReadonlyMap<string, string> }

let nextId = 1
const inWords = (ms: number) => (ms === 0 ? '0 s' : quantityText(ms, 'ms'))

export function newPage(kind: WallPage['kind']): PageDraft {
  const fields = {
    title: '',
    show: '30 s',
    labels: '',
    text: '',
    metric: '',
    reduce: 'avg',
    unit: 'none',
    window: '1 h',
  } as const
  return { id: nextId++, kind, ...fields }
}

export function copyOf(page: PageDraft): PageDraft {
  return { ...page, id: nextId++ }
}

export function draftOf(wall: Wall): WallDraft {
  return {
    name: wall.name,
    title: wall.title,
    diagonal: String(wall.diagonalInches),
    distance: String(wall.distanceMetres),
    timeZone: wall.timeZone,
    theme: wall.theme,
    autofocus: inWords(wall.autofocusMs),
    drift: wall.drift,
    pages: wall.pages.map(pageDraftOf),
  }
}

function pageDraftOf(page: WallPage): PageDraft {
  const { kind, title, showMs } = page
  return {
    ...newPage(kind),
    title,
    show: inWords(showMs),
    ...('labels' in page ? { labels: labelsText(page.labels) } : {}),
    ...('text' in page ? { text: page.text } : {}),
    ...(page.kind === 'series'
      ? { metric: page.metric, reduce: page.reduce, unit: page.unit, window: inWords(page.windowMs) }
      : {}),
  }
}

export function readDraft(draft: WallDraft): ReadDraft {
  const problems = new Map<string, string>()
  const wall = {
    name: draft.name.trim(),
    title: draft.title,
    diagonalInches: numberIn(draft.diagonal),
    distanceMetres: numberIn(draft.distance),
    timeZone: draft.timeZone.trim() || 'local',
    theme: draft.theme,
    autofocusMs: durationIn(draft.autofocus, 'autofocusMs', problems),
    drift: draft.drift,
    pages: draft.pages.map((page, index) => pageIn(page, index, problems)),
  }
  if (!isZone(wall.timeZone)) problems.set('timeZone', 'Expected local, UTC or a name such as Europe/Berlin.')
  const parsed = Wall.safeParse(wall)
  for (const { path, message } of parsed.error?.issues ?? []) {
    const place = path.join('.')
    if (!problems.has(place)) problems.set(place, message)
  }
  return parsed.success && problems.size === 0 ? { ok: true, wall: parsed.data } : { ok: false, problems }
}

function pageIn(page: PageDraft, index: number, problems: Map<string, string>) {
  const place = `pages.${index}`
  const shared = { kind: page.kind, title: page.title, showMs: durationIn(page.show, `${place}.showMs`, problems) }
  if (page.kind === 'checks' || page.kind === 'uptime') {
    return { ...shared, labels: labelsIn(page.labels, `${place}.labels`, problems), text: page.text }
  }
  if (page.kind !== 'series') return shared
  return {
    ...shared,
    labels: labelsIn(page.labels, `${place}.labels`, problems),
    metric: page.metric,
    reduce: page.reduce,
    unit: page.unit,
    windowMs: durationIn(page.window, `${place}.windowMs`, problems),
  }
}

/** NaN, which the contract refuses, for what is no number. */
function numberIn(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'))
}

function durationIn(text: string, place: string, problems: Map<string, string>): number {
  if (/^0\s*s?$/.test(text.trim())) return 0
  const read = parseQuantity(text, 'ms')
  if (read.ok) return read.value
  problems.set(place, read.message)
  return 0
}

function labelsIn(text: string, place: string, problems: Map<string, string>): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [, name, value] = /^\s*([a-zA-Z_]\w*)\s*=\s*(.*?)\s*$/.exec(part) ?? []
    if (name === undefined || value === undefined) {
      problems.set(place, `Expected labels such as team=shop, tier=1; got "${part.trim()}".`)
    } else labels[name] = value
  }
  return labels
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
}

function isZone(name: string): boolean {
  if (name === 'local') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    // RangeError is Intl's way to say no.
    return false
  }
}

/** A name that no other wall has: the same, with a number behind it where needed. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  let count = 2
  while (taken.includes(`${wanted}-${count}`)) count++
  return `${wanted}-${count}`
}
