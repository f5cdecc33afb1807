import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openConfigFile } from '#main/config/open-config.ts'
import { fakePorts } from '#test/support/ports.ts'

const manual = readFileSync(join(import.meta.dirname, '../../docs/walls.md'), 'utf8')

it('docs/walls.md shows a wall that is understood, with every kind of page', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-wall-manual-'))
  writeFileSync(join(directory, 'belfry.yaml'), /```yaml\n([\s\S]*?)```/.exec(manual)?.[1] ?? '')
  const config = await openConfigFile({ directory, logger: fakePorts().logger, kinds: { checks: [], collectors: [] } })
  rmSync(directory, { recursive: true })
  expect(config.problems()).toEqual([])
  const kinds = config.current().walls.flatMap(({ pages }) => pages.map(({ kind }) => kind))
  expect(kinds).toEqual(['checks', 'alerts', 'uptime', 'host', 'series', 'clock'])
})
