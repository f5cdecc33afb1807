import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Panel } from '#shared/domain/dashboard/panels.ts'
import { parseDashboard } from '#shared/domain/dashboard/upgrade.ts'
import { panelStates } from '#shared/domain/dashboard/values.ts'
import { units } from '#shared/domain/unit.ts'

const manual = readFileSync(join(import.meta.dirname, '../../docs/dashboards.md'), 'utf8')

it('docs/dashboards.md shows a board that is understood', () => {
  const parsed = parseDashboard(JSON.parse(/```json\n([\s\S]*?)```/.exec(manual)?.[1] ?? ''))
  expect(parsed.ok ? [] : parsed.issues).toEqual([])
})

it('docs/dashboards.md names every kind of panel, every unit and every state', () => {
  for (const { shape } of Panel.options) expect(manual).toContain(`\`${shape.type.value}\``)
  for (const word of [...units, ...panelStates]) expect(manual).toMatch(new RegExp(`\\b${word}\\b`))
})
