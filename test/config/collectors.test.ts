// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a reference is written.
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { CollectorDraft } from '#shared/contract/collectors.ts'
import { configRoom, toldBy } from './support.ts'

const file = `version: 1
# what is read
collectors:
  # the first
  - id: one # mine
    name: One
    kind: store
    every: 1m
    config: { host: h, password: "secret:pw" }
  - { name: Two, kind: store, config: { host: g, port: "\${PORT}" } }
checks:
  - { name: One, kind: tcp, config: { host: h, port: 1 } }
`
const references = { environment: { PORT: '7' }, secrets: { pw: 'canary' } }
const draft = (more: object) => CollectorDraft.parse({ name: 'Three', kind: 'store', config: { host: 'z' }, ...more })

async function open(text = file) {
  const room = await configRoom({ 'belfry.yaml': text })
  room.references = references
  const config = await room.open()
  return { room, config, text: () => readFile(room.at('belfry.yaml'), 'utf8') }
}

describe('collectors in belfry.yaml', () => {
  it('are read with their defaults, and references become what they stand for', async () => {
    const { config } = await open()
    expect(toldBy(config)).toEqual([])
    expect(config.current().collectors).toMatchObject([
      {
        id: 'one',
        draft: { name: 'One', everyMs: 60_000, timeoutMs: 10_000, config: { host: 'h', password: 'canary' } },
        written: { config: { password: 'secret:pw' } },
      },
      { id: 'two', draft: { everyMs: 30_000, config: { port: 7 } } },
    ])
    expect(config.secretUses()).toMatchObject([{ name: 'pw', path: 'collectors[0].config.password' }])
    expect(config.current().checks).toHaveLength(1)
  })

  it('that are wrong are named with their line and left out; the others stay', async () => {
    const { config } = await open(`collectors:
  - { name: A, kind: store, config: { host: h } }
  - { name: B, kind: stor, config: {} }
  - { name: A, kind: store, config: { host: h } }
  - { name: C, kind: store, every: soon, config: { host: h } }
  - { name: D, kind: store, config: { hots: h } }
`)
    expect(config.current().collectors.map(({ id }) => id)).toEqual(['a'])
    expect(toldBy(config)).toEqual([
      'belfry.yaml:3 collectors[1].kind: There is no such kind: "stor" is not known here: did you mean "store"?',
      expect.stringMatching(/^belfry\.yaml:4 collectors\[2\].*Another collector has the id "a" already/),
      expect.stringContaining('collectors[3].every: expected a duration such as 30s or 1m30s, came "soon"'),
      expect.stringContaining('collectors[4].config.host'),
      expect.stringContaining('collectors[4].config.hots'),
    ])
  })

  it('are written by screens with comments and references kept, and can be taken back', async () => {
    const { config, text } = await open()
    const saved = await config.saveCollector(null, draft({ everyMs: 15_000 }))
    expect(saved.id).toBe('three')
    expect(await text()).toBe(
      file.replace(
        'checks:',
        '  - id: three\n    name: Three\n    kind: store\n    every: 15s\n    config:\n      host: z\nchecks:',
      ),
    )
    await config.undo(null)
    expect(await text()).toBe(file)
    await config.saveCollector(
      'one',
      draft({ name: 'Uno', config: { host: 'h', password: 'secret:pw' }, everyMs: 60_000 }),
    )
    expect(await text()).toBe(file.replace('name: One\n', 'name: Uno\n'))
    await config.setCollectorsEnabled(['one', 'two'], false)
    expect(await text()).toContain('enabled: false')
    await config.setCollectorsEnabled(['one', 'two'], true)
    await config.removeCollector('one')
    expect(await text()).not.toContain('Uno')
    expect(config.edits().map(({ summary }) => summary)).toEqual([
      'Remove the collector "Uno"',
      'Resume 2 collectors',
      'Pause 2 collectors',
      'Change the collector "Uno"',
    ])
    expect(config.current().checks.map(({ id }) => id)).toEqual(['one'])
  })

  it('begin with the first that a screen writes', async () => {
    const { config, text } = await open('# mine\nversion: 1\n')
    await config.saveCollector(null, draft({}))
    expect(await text()).toBe(
      '# mine\nversion: 1\ncollectors:\n  - id: three\n    name: Three\n    kind: store\n    config:\n      host: z\n',
    )
  })

  it('have their secrets masked in every text', async () => {
    const { config } = await open(file.replace('"secret:pw"', 'plain-canary'))
    const [change] = await config.preview({ edit: 'removeCollector', id: 'one' })
    expect(change?.diff).toContain('plain-canary')
    expect(config.withoutSecrets(change?.diff ?? '')).not.toContain('canary')
  })
})
