import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { configuredKinds } from '#main/config/configured-kinds.ts'
import { startConfigEditor } from '#main/config/editor-thread.ts'
import { openConfigFile } from '#main/config/open-config.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import { fakeTime } from '#test/support/fake-time.ts'
import { memoryLogger } from '#test/support/ports.ts'

const hour = 3_600_000
const draft = (url: string) => CheckDraft.parse({ name: 'Shop', kind: 'http', config: { url } })
const text = (checks: number) =>
  `checks:\n${Array.from({ length: checks }, (_, n) => `  - { id: c${n}, name: c${n}, kind: tcp, config: { host: h${n}, port: 80 } }\n`).join('')}`

async function opened(content: string) {
  const directory = await mkdtemp(join(tmpdir(), 'belfry-editor-'))
  await writeFile(join(directory, 'belfry.yaml'), content)
  const time = fakeTime()
  const logger = memoryLogger()
  const editor = startConfigEditor({ logger, timers: time.timers })
  const config = await openConfigFile({ directory, logger, kinds: configuredKinds, editor })
  onTestFinished(async () => {
    await editor.close()
    await rm(directory, { recursive: true, force: true })
  })
  const onDisk = () => readFile(join(directory, 'belfry.yaml'), 'utf8')
  return { config, editor, time, logger, onDisk, directory }
}

it('edits in its thread, and leaves the checks that are the same the same objects', async () => {
  const { config, onDisk } = await opened(text(100))
  const before = config.current().checks
  const saved = await config.saveCheck(null, draft('https://shop.example'))
  expect(saved).toMatchObject({ id: 'shop', draft: { config: { url: 'https://shop.example' } } })
  expect(await onDisk()).toContain('shop.example')
  expect(config.current().checks).toHaveLength(101)
  for (const [index, check] of before.entries()) expect(config.current().checks[index]).toBe(check)
})

it('removes, and says what it removed', async () => {
  const { config } = await opened(text(3))
  expect((await config.removeCheck('c1')).config).toEqual({ host: 'h1', port: 80 })
  expect(config.current().checks.map(({ id }) => id)).toEqual(['c0', 'c2'])
})

it('refuses with the same words as anywhere', async () => {
  const { config } = await opened(text(1))
  await expect(config.saveCheck(null, draft('shop'))).rejects.toMatchObject({
    name: 'AppError',
    code: 'invalid',
    issues: [{ path: 'config.url' }],
  })
  await expect(config.removeCheck('nobody')).rejects.toMatchObject({ code: 'not-found' })
})

it('keeps what runs when a change on disk has something wrong in it, and says what', async () => {
  const { config, directory } = await opened(text(2))
  await writeFile(join(directory, 'belfry.yaml'), `${text(3)}colour: red\n`)
  await expect(config.removeCheck('c0')).rejects.toMatchObject({ code: 'conflict' })
  expect(config.current().checks).toHaveLength(2)
  expect(config.problems()).toMatchObject([{ line: 5, path: 'colour' }])
})

it('ends its thread when nobody edits, starts another for the next edit, and none once it is closed', async () => {
  const { config, editor, time } = await opened(text(2))
  expect(time.pending()).toBe(0)
  await config.removeCheck('c0')
  expect(time.pending()).toBe(1)
  await time.advance(hour)
  expect(time.pending()).toBe(0)
  await config.saveSettings({ appearance: { theme: 'dark' } })
  expect(config.current().settings.appearance.theme).toBe('dark')
  await editor.close()
  await expect(config.removeCheck('c1')).rejects.toMatchObject({ code: 'unavailable', message: 'Belfry is closing.' })
  expect(config.current().checks).toHaveLength(1)
})
