import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configuredKinds } from '#main/config/configured-kinds.ts'
import { readConfig } from '#main/config/read-config.ts'

const manual = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')
const example = /```yaml\n([\s\S]*?)```/.exec(manual)?.[1] ?? ''
const read = (text: string) => readConfig([{ file: 'belfry.yaml', text }], configuredKinds)

describe('docs/configuration.md', () => {
  it('shows a file that is understood, with the check kinds that are shipped', () => {
    const { config, problems } = read(example)
    expect(problems).toEqual([])
    expect(config.checks.map(({ id }) => id)).toEqual(['shop', 'database'])
  })

  it('shows the defaults as they are', () => {
    const { settings, rules } = read(example).config
    expect({ settings, rules }).toEqual({ settings: read('').config.settings, rules: read('').config.rules })
  })
})
