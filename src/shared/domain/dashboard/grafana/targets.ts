/** The queries of a panel: those of a Prometheus, as they are. */
import type { z } from 'zod'
import { parseDurationMs } from '../../../promql/duration.ts'
import type { Target } from '../panels.ts'
import { currentSyntax, field, isSet, numberIn, textIn } from './fields.ts'
import type { Complaints } from './not-taken.ts'
import type { Sources } from './sources.ts'
import { labelSyntax } from './values.ts'

const mostTargets = 26
const longestExpr = 20_000

export interface TakenTargets {
  readonly targets: z.input<typeof Target>[]
  /** Some query says that it gives the buckets of a histogram. */
  readonly areBuckets: boolean
}

export function targetsOf(
  panel: unknown,
  targets: readonly unknown[],
  { sources, complain, prefersInstant }: { sources: Sources; complain: Complaints; prefersInstant: boolean },
): TakenTargets {
  const taken: z.input<typeof Target>[] = []
  const used = new Set<string>()
  let areBuckets = false
  const shared = durationOrEmpty(textIn(panel, 'interval'))
  const series = labelSyntax(textIn(panel, 'fieldConfig', 'defaults', 'displayName'))
  for (const [index, target] of targets.entries()) {
    const what = `targets[${index}]`
    const other = sources.otherThanPrometheus(field(target, 'datasource'), field(panel, 'datasource'))
    const expr = currentSyntax(textIn(target, 'expr'))
    if (other !== null) {
      complain.not(what, `It asks ${other}, and Belfry answers PromQL.`)
      continue
    }
    if (expr.trim() === '') {
      const isEmpty = Object.keys(Object(target)).every((name) =>
        ['refId', 'datasource', 'hide', 'expr'].includes(name),
      )
      if (!isEmpty) complain.not(what, 'It has no PromQL expression.')
      continue
    }
    if (expr.length > longestExpr) {
      complain.not(what, `Its expression has ${expr.length} characters; at most ${longestExpr} are taken.`)
      continue
    }
    if (taken.length === mostTargets) {
      complain.not(what, `A panel has at most ${mostTargets} queries.`)
      continue
    }
    const format = textIn(target, 'format')
    if (format === 'heatmap') areBuckets = true
    const legend = textIn(target, 'legendFormat')
    const isInstant = isSet(target, 'instant') && field(target, 'range') !== true
    taken.push({
      refId: refIdOf(textIn(target, 'refId'), used),
      expr,
      legend: (legend === '' || legend === '__auto' ? seriesLegend(series) : currentSyntax(legend)).slice(0, 500),
      mode:
        isInstant || (prefersInstant && format === 'table' && field(target, 'range') !== true) ? 'instant' : 'range',
      minStep: durationOrEmpty(textIn(target, 'interval')) || shared,
      isHidden: isSet(target, 'hide'),
    })
  }
  return { targets: taken, areBuckets }
}

/** A name for all series of a panel serves as their legend where it speaks of their labels. */
function seriesLegend(displayName: string): string {
  return displayName.includes('$__') || displayName.includes('${__') ? '' : displayName
}

function refIdOf(wanted: string, used: Set<string>): string {
  const letters = Array.from({ length: mostTargets }, (_, index) => String.fromCharCode(65 + index))
  const isFree = /^[A-Za-z0-9_]{1,20}$/.test(wanted) && !used.has(wanted)
  const refId = isFree ? wanted : (letters.find((letter) => !used.has(letter)) ?? `Q${used.size}`)
  used.add(refId)
  return refId
}

/** `30s`, `>30s` (the older way to say "at least") and `$interval`; anything else is left out. */
export function durationOrEmpty(text: string): string {
  const bare = currentSyntax(text.replace(/^>\s*/, '').trim())
  if (bare.startsWith('$')) return bare.length <= 100 ? bare : ''
  return (parseDurationMs(bare) ?? 0) > 0 ? bare : ''
}

/** Null: as many as the panel is wide. */
export function maxPointsOf(panel: unknown): number | null {
  const most = numberIn(panel, 'maxDataPoints')
  return most === null || most < 2 ? null : Math.min(4000, Math.round(most))
}
