/** What targets say of their metrics: kept in one book for all, and remembered by target. */
import type { MetricDescription, MetricMetadataBook } from '#main/metrics/metadata.ts'
import { AppError } from '#shared/contract/errors.ts'
import { compileMatcher } from '#shared/domain/matchers.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { Metadata } from '#shared/exposition/metadata-line.ts'
import { parsePromql } from '#shared/promql/parse.ts'

const nothing: MetricDescription = { type: 'unknown', help: '', unit: '' }

/** Takes what one target says, and adds the name to those it speaks of. */
export function describeInto(book: Pick<MetricMetadataBook, 'of' | 'put'>, names: Set<string>) {
  return ({ kind, metric, text }: Metadata): void => {
    names.add(metric)
    const known = book.of(metric)
    if (known?.[kind] !== text) book.put(metric, { ...(known ?? nothing), [kind]: text })
  }
}

/** Which targets a selector such as `{job="node"}` means; null: all. AppError `invalid`. */
export function targetFilter(selector: string | null): (labels: Labels) => boolean {
  if (selector === null) return () => true
  const { expr } = parsePromql(selector)
  if (expr.type !== 'vector-selector') {
    throw new AppError('invalid', `expected a selector of targets such as {job="node"}, got ${selector.slice(0, 200)}`)
  }
  const tests = expr.matchers.map((matcher) => ({ label: matcher.label, accepts: compileMatcher(matcher) }))
  return (labels) => tests.every(({ label, accepts }) => accepts(labels[label] ?? ''))
}
