import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { readManifest, readVerdict } from '#main/store/backup/manifest.ts'
import { createProgress } from '#main/store/backup/progress.ts'
import { findProblem } from '#main/store/backup/verify.ts'
import { backedUp, dataDirectory, takenAt, unhurried } from './backup-world.ts'

const dayMs = 86_400_000

describe('a backup', () => {
  it('holds databases, days, summaries and configuration, whole and with the hash of each', async () => {
    const world = await dataDirectory()
    const folder = await backedUp(world)
    const manifest = readManifest(folder)
    expect(manifest.files.map(({ path, how }) => `${path} ${how}`)).toEqual([
      'belfry.db copied',
      'config/belfry.yaml copied',
      'config/rules/own.yml copied',
      'metrics.db copied',
      expect.stringMatching(/^metrics\/5m-.*\.db copied$/),
      ...[0, 1, 2].map(() => expect.stringMatching(/^metrics\/raw-.*\.db linked$/)),
    ])
    expect(manifest).toMatchObject({ takenAt, version: '1.2.3', trigger: 'asked', stateSchema: expect.any(Number) })
    expect(readVerdict(folder)).toEqual({ at: takenAt, problem: null })
    expect(await findProblem(folder, unhurried())).toBe(null)
  })

  it('takes no secret along', async () => {
    const world = await dataDirectory()
    const folder = await backedUp(world)
    const texts = readManifest(folder).files.map(({ path }) => readFileSync(join(folder, path), 'latin1'))
    expect(texts.some((text) => text.includes('canary-4711'))).toBe(false)
    expect(texts.some((text) => text.includes('level: warn'))).toBe(true)
  })

  it('writes nothing twice that has not changed since the last', async () => {
    const world = await dataDirectory()
    await backedUp(world)
    await world.note(3)
    world.addDay(20_010)
    const second = await backedUp(world, { takenAt: takenAt + dayMs })
    const how = Object.fromEntries(
      readManifest(second).files.map((file) => [file.path.replace(/-2024.*/, ''), file.how]),
    )
    expect(how).toMatchObject({ 'belfry.db': 'copied', 'metrics/5m': 'shared', 'config/belfry.yaml': 'shared' })
    expect(
      readManifest(second)
        .files.filter((file) => file.path.includes('raw-'))
        .map((file) => file.how),
    ).toEqual(['shared', 'shared', 'shared', 'linked'])
    expect(await findProblem(second, unhurried())).toBe(null)
  })

  it('shares nothing with a backup that was found damaged', async () => {
    const world = await dataDirectory()
    const first = await backedUp(world)
    writeFileSync(join(first, 'verdict.json'), JSON.stringify({ at: 1, problem: 'bad' }))
    const second = await backedUp(world, { takenAt: takenAt + dayMs })
    expect(readManifest(second).files.some(({ how }) => how === 'shared')).toBe(false)
  })

  it('keeps a day that is given up while it is kept', async () => {
    const world = await dataDirectory()
    const folder = await backedUp(world)
    const days = readdirSync(join(world.dataDir, 'metrics')).filter((name) => name.startsWith('raw-'))
    for (const day of days) rmSync(join(world.dataDir, 'metrics', day))
    expect(await findProblem(folder, unhurried())).toBe(null)
  })

  it('leaves out files of days that the calendar does not name', async () => {
    const world = await dataDirectory()
    writeFileSync(join(world.dataDir, 'metrics', 'raw-2024-12-31.9.db'), 'stray')
    const folder = await backedUp(world)
    expect(existsSync(join(folder, 'metrics', 'raw-2024-12-31.9.db'))).toBe(false)
  })

  it('is one snapshot, however much is written meanwhile', async () => {
    const world = await dataDirectory()
    const writer = new Database(join(world.dataDir, 'belfry.db'))
    writer.exec('CREATE TABLE filler (x); CREATE TABLE other (x)')
    const insert = writer.prepare('INSERT INTO filler VALUES (?)')
    writer.transaction(() => {
      for (let n = 0; n < 20_000; n++) insert.run('x'.repeat(900))
    })()
    const work = unhurried()
    const folder = await backedUp(
      world,
      {},
      {
        ...work,
        add(bytes) {
          writer.transaction(() => {
            insert.run('late')
            writer.exec("INSERT INTO other VALUES ('late')")
          })()
          work.add(bytes)
        },
      },
    )
    writer.close()
    const copy = new Database(join(folder, 'belfry.db'), { readonly: true })
    expect(copy.prepare("SELECT count(*) FROM filler WHERE x = 'late'").pluck().get()).toBe(
      copy.prepare('SELECT count(*) FROM other').pluck().get(),
    )
    expect(copy.prepare('SELECT count(*) FROM filler').pluck().get()).toBeLessThan(20_003)
    copy.close()
  })

  it('is not begun when it would not leave the room it must', async () => {
    const world = await dataDirectory()
    await expect(backedUp(world, { leaveFreeBytes: 1e15 })).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining('There is no room for a backup'),
    })
    expect(readdirSync(join(world.dataDir, 'backups'))).toEqual([])
  })

  it('leaves nothing behind when it is cancelled, and clears what a crash left', async () => {
    const world = await dataDirectory()
    const abort = new AbortController()
    const work = createProgress().begin(abort.signal)
    const cancelling = { ...work, phase: () => abort.abort() }
    await expect(backedUp(world, {}, cancelling)).rejects.toMatchObject({ code: 'closed' })
    const backups = join(world.dataDir, 'backups')
    expect(readdirSync(backups)).toEqual([])
    await backedUp(world)
    expect(readdirSync(backups)).toHaveLength(1)
  })

  it('is thrown away when the original is damaged, and says which', async () => {
    const world = await dataDirectory()
    const [day = ''] = readdirSync(join(world.dataDir, 'metrics')).filter((name) => name.startsWith('raw-'))
    const file = join(world.dataDir, 'metrics', day)
    const bytes = readFileSync(file)
    bytes.fill(0xa5, 1024)
    writeFileSync(file, bytes)
    await expect(backedUp(world)).rejects.toThrow(new RegExp(`The copy of metrics/${day} is damaged`))
    expect(readdirSync(join(world.dataDir, 'backups'))).toEqual([])
  })

  it('needs something to back up', async () => {
    const world = await dataDirectory()
    rmSync(join(world.dataDir, 'belfry.db'))
    await expect(backedUp(world)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the check of a backup', () => {
  it.each([
    [
      'a changed byte',
      'its content has changed since.',
      (file: string) => {
        const bytes = readFileSync(file)
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
        writeFileSync(file, bytes)
      },
    ],
    [
      'a cut-off end',
      /^belfry\.db: expected \d+ bytes, found 100\.$/,
      (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 100)),
    ],
    ['a missing file', 'the file is missing.', (file: string) => rmSync(file)],
  ] as const)('finds %s', async (_, problem, harm) => {
    const folder = await backedUp(await dataDirectory(1))
    expect(statSync(join(folder, 'belfry.db')).size).toBeGreaterThan(0)
    harm(join(folder, 'belfry.db'))
    const found = await findProblem(folder, unhurried())
    if (typeof problem === 'string') expect(found).toBe(`belfry.db: ${problem}`)
    else expect(found).toMatch(problem)
  })

  it.each([
    ['no JSON', 'nonsense', 'manifest.json is not JSON.'],
    ['another shape', '{"format":2}', /^manifest\.json is not one: /],
    [
      'paths that lead out of it',
      (text: string) => text.replace('"belfry.db"', '"../../belfry.db"'),
      /expected a path inside the backup/,
    ],
  ] as const)('refuses a manifest with %s', async (_, change, problem) => {
    const folder = await backedUp(await dataDirectory(1))
    const file = join(folder, 'manifest.json')
    writeFileSync(file, typeof change === 'string' ? change : change(readFileSync(file, 'utf8')))
    expect(await findProblem(folder, unhurried())).toMatch(problem)
  })
})
