import { describe, expect, it } from 'vitest'
import {
  groupAlerts,
  groupableLabels,
  mergeAlert,
  sortAlerts,
} from '../../../src/renderer/features/alerts/alert-order.ts'
import { alert } from './alert-builder.ts'

const rules = (alerts: readonly { rule: string }[]) => alerts.map(({ rule }) => rule)

describe('sortAlerts', () => {
  it('sorts by state, then severity, then who has waited longest', () => {
    const sorted = sortAlerts([
      alert({ rule: 'resolved', state: 'resolved', resolvedAt: 9 }),
      alert({ rule: 'pending', state: 'pending', severity: 'critical', firedAt: null }),
      alert({ rule: 'young', firedAt: 2000 }),
      alert({ rule: 'old', firedAt: 1000 }),
      alert({ rule: 'critical', severity: 'critical', firedAt: 3000 }),
    ])
    expect(rules(sorted)).toEqual(['critical', 'old', 'young', 'pending', 'resolved'])
  })

  it('sorts resolved ones newest first, whatever their severity', () => {
    const sorted = sortAlerts([
      alert({ rule: 'early', state: 'resolved', severity: 'critical', resolvedAt: 1000 }),
      alert({ rule: 'late', state: 'resolved', severity: 'info', resolvedAt: 2000 }),
    ])
    expect(rules(sorted)).toEqual(['late', 'early'])
  })
})

describe('groupAlerts', () => {
  const alerts = [
    alert({ rule: 'a' }),
    alert({ rule: 'b', labels: { team: 'web' } }),
    alert({ rule: 'c', labels: { team: 'core' } }),
    alert({ rule: 'd', labels: { team: 'web' } }),
  ]

  it('keeps the order of the list, alerts without the label last', () => {
    expect(groupAlerts(alerts, 'team').map(({ key, alerts }) => [key, rules(alerts)])).toEqual([
      ['web', ['b', 'd']],
      ['core', ['c']],
      [null, ['a']],
    ])
  })

  it('is one group of all without a label', () => {
    expect(groupAlerts(alerts, null)).toEqual([{ key: null, alerts }])
  })

  it('offers labels that at least two alerts carry', () => {
    expect(groupableLabels(alerts)).toEqual(['alertname', 'severity', 'team'])
  })
})

describe('mergeAlert', () => {
  it('replaces, adds and lets go', () => {
    const one = alert({ rule: 'one' })
    const two = alert({ rule: 'two', severity: 'critical' })
    const isActive = ({ state }: { state: string }) => state !== 'resolved'
    expect(rules(mergeAlert([one], two, isActive))).toEqual(['two', 'one'])
    expect(mergeAlert([one, two], { ...one, value: 5 }, isActive)).toHaveLength(2)
    expect(rules(mergeAlert([one, two], { ...two, state: 'resolved' }, isActive))).toEqual(['one'])
  })
})
