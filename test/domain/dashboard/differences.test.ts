import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { differences } from '#shared/domain/dashboard/differences.ts'
import { moved } from '#shared/domain/dashboard/layout.ts'
import { parseDashboard } from '#shared/domain/dashboard/upgrade.ts'
import { writtenDashboard } from '#shared/domain/dashboard/written.ts'

const text = readFileSync(join(import.meta.dirname, 'sample-board.json'), 'utf8')
const sample = Dashboard.parse(JSON.parse(text))

describe('differences', () => {
  it('are none between a board and itself', () => {
    expect(differences(sample, Dashboard.parse(JSON.parse(text)))).toEqual([])
  })

  it('are told in words', () => {
    const [variable, ...others] = sample.variables
    const after: Dashboard = {
      ...sample,
      title: 'Web shop',
      refresh: '60s',
      variables: variable ? [...others, { ...variable, label: 'Service' }] : [],
      links: [],
      panels: sample.panels.flatMap((panel) => {
        if (panel.id === 2) return []
        if (panel.id === 3 && panel.type === 'gauge')
          return [{ ...panel, title: 'RAM', decimals: 1, unit: 'percent' as const }]
        if (panel.id === 7 && panel.type === 'timeseries') {
          return [
            {
              ...panel,
              stacking: 'none' as const,
              targets: [{ refId: 'B', expr: 'up', legend: '', mode: 'range' as const, minStep: '', isHidden: false }],
            },
          ]
        }
        return [panel]
      }),
    }
    expect(differences(sample, after)).toEqual([
      'Change the title from "Shop" to "Web shop"',
      'Change the refresh from "every 30s" to "every 1m"',
      'Change the variable "job"',
      'Reorder the variables',
      'Remove the link "Runbook"',
      'Remove the panel "Up"',
      'Rename the panel "Memory" to "RAM"',
      'Change unit of the panel "RAM" from "ratio" to "percent"',
      'Change decimals of the panel "RAM" from nothing to 1',
      'Remove query A of the panel "CPU by mode"',
      'Add query B to the panel "CPU by mode": up',
      'Change stacking of the panel "CPU by mode" from "normal" to "none"',
    ])
  })

  it('name every panel that a move has pushed aside', () => {
    const after = { ...sample, panels: moved(sample.panels, 3, { x: 0, y: 1 }) }
    expect(differences(sample, after)).toContain('Move the panel "Memory" to column 1, line 2')
    expect(differences(sample, after)).toContain('Move the panel "Up" to column 1, line 6')
  })
})

describe('a board in its file', () => {
  it('is read again as it was', () => {
    expect(parseDashboard(JSON.parse(writtenDashboard(sample)))).toEqual({ ok: true, value: sample })
  })

  it('has no field that is as by default, and nothing is lost that is not', () => {
    const written: unknown = JSON.parse(writtenDashboard(sample))
    expect(written).toEqual(JSON.parse(text))
  })
})
