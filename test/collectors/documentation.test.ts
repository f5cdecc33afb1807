/** What the manual shows works as it stands there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { serviceKinds } from '#main/collectors/services/kinds/index.ts'
import { configuredKinds } from '#main/config/configured-kinds.ts'
import { readConfig } from '#main/config/read-config.ts'

const manual = readFileSync(join(import.meta.dirname, '../../docs/collectors.md'), 'utf8')
const blocks = [...manual.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)

describe('docs/collectors.md', () => {
  it('shows an entry that is understood', () => {
    const [text = ''] = blocks
    const references = { environment: {}, secrets: { 'shop-db': 'x' } }
    const read = readConfig([{ file: 'belfry.yaml', text }], configuredKinds, references)
    expect(read.problems).toEqual([])
    expect(read.config.collectors).toMatchObject([{ id: 'shop-db', draft: { kind: 'postgres', everyMs: 30_000 } }])
  })

  it('shows options that their kinds take', () => {
    const entries = blocks.map((text) => parse(text)).filter((one) => typeof one.kind === 'string' && one.config)
    expect(entries.map(({ kind }) => kind)).toEqual(['json', 'sql'])
    for (const { kind, config } of entries) {
      const found = serviceKinds.find((one) => one.kind === kind)
      expect([kind, found?.config.safeParse(config).error?.issues]).toEqual([kind, undefined])
    }
  })

  it('has a chapter for each kind', () => {
    for (const { title } of serviceKinds) expect(manual).toMatch(new RegExp(`^## ${title}$`, 'm'))
  })
})
