import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type DashboardService, openDashboards } from '#main/dashboards/dashboard-service.ts'
import { slugOf } from '#main/dashboards/slug.ts'
import { createEvents } from '#main/events.ts'
import { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { type FakePorts, fakePorts } from '#test/support/ports.ts'

let root: string
let ports: FakePorts
let told: number
const opened: DashboardService[] = []

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'belfry-boards-'))
  for (const name of ['config/dashboards', 'data', 'resources/dashboards'])
    mkdirSync(join(root, name), { recursive: true })
  ports = fakePorts()
  told = 0
})
afterEach(() => {
  for (const service of opened.splice(0)) service.close()
  rmSync(root, { recursive: true, force: true })
})

async function open(): Promise<DashboardService> {
  const events = createEvents()
  events.subscribe((name) => {
    if (name === 'dashboards.changed') told++
  })
  const { clock, timers, logger } = ports
  const service = await openDashboards({
    ...{ clock, timers, logger, events },
    configDir: join(root, 'config'),
    dataDir: join(root, 'data'),
    resourcesDir: join(root, 'resources'),
  })
  opened.push(service)
  return service
}
const own = (name: string) => join(root, 'config/dashboards', name)
const ship = (board: object) => writeFileSync(join(root, 'resources/dashboards', 'shipped.json'), JSON.stringify(board))
const board = (more: object = {}) => Dashboard.parse({ version: 1, uid: 'shop', title: 'Shop', ...more })
const uids = (service: DashboardService) => service.list().boards.map(({ uid, origin }) => `${uid} ${origin}`)

describe('dashboards', () => {
  it('come from the configuration directory and from what ships', async () => {
    ship(board({ uid: 'host', title: 'A host' }))
    writeFileSync(own('any-name.json'), JSON.stringify(board()))
    writeFileSync(own('.hidden.json'), 'no JSON')
    writeFileSync(own('notes.txt'), 'no JSON')
    const service = await open()
    expect(uids(service)).toEqual(['host shipped', 'shop own'])
    expect(service.list().problems).toEqual([])
    expect(await service.get('shop', null)).toMatchObject({ file: 'dashboards/any-name.json', origin: 'own' })
    expect(await service.get('host', null)).toMatchObject({ file: null, origin: 'shipped', changedAt: null })
  })

  it('need no directory until one is saved', async () => {
    rmSync(join(root, 'config'), { recursive: true })
    const service = await open()
    expect(service.list()).toEqual({ boards: [], problems: [] })
    await service.create(board())
    expect(uids(service)).toEqual(['shop own'])
  })

  it('are written without what is as by default', async () => {
    const service = await open()
    const view = await service.create(board({ tags: ['web'] }))
    expect(view.file).toBe('dashboards/shop.json')
    expect(readFileSync(own('shop.json'), 'utf8')).toBe(
      '{\n  "version": 1,\n  "uid": "shop",\n  "title": "Shop",\n  "tags": [\n    "web"\n  ]\n}\n',
    )
  })

  it('get another uid where theirs is taken, and never write over another file', async () => {
    writeFileSync(own('shop-2.json'), 'broken')
    const service = await open()
    await service.create(board())
    expect(await service.create(board())).toMatchObject({ board: { uid: 'shop-2' }, file: 'dashboards/shop-2-2.json' })
    expect(await service.duplicate('shop', 'Über Läden & Co.')).toMatchObject({
      board: { uid: 'uber-laden-co', title: 'Über Läden & Co.' },
    })
    expect(readFileSync(own('shop-2.json'), 'utf8')).toBe('broken')
  })

  it.each([
    ['Über uns', 'uber-uns'],
    ['../../etc/passwd', 'etc-passwd'],
    ['###', 'board'],
    ['x'.repeat(100), 'x'.repeat(60)],
  ])('name %j %j in their address', (title, slug) => {
    expect(slugOf(title)).toBe(slug)
  })
})

describe('a file that is no dashboard', () => {
  it.each([
    [
      '{\n  "version": 1,\n  "uid": }',
      { line: 3, path: '', message: /^expected JSON, which this is not: Unexpected token/ },
    ],
    ['{"version": 1', { line: 1, path: '', message: /^expected JSON, which this is not: / }],
    ['', { line: 1, path: '', message: /Unexpected end of JSON input/ }],
    [
      '{\n"version": 7, "uid": "a", "title": "A" }',
      { line: 2, path: 'version', message: /^expected at most 1, came 7: it was written by a newer Belfry/ },
    ],
    [
      JSON.stringify({ ...board(), panels: [{ type: 'text', id: 1, grid: { x: 0, y: 0, w: 99, h: 1 } }] }, null, 1),
      { line: 22, path: 'panels[0].grid.w', message: /^expected at most 24, came the number 99/ },
    ],
    [
      '{\n"version": 1,\n"uid": "a",\n"title": "A",\n"pannels": [] }',
      { line: 5, path: 'pannels', message: /did you mean "panels"/ },
    ],
    [
      '{"title": "Nodes", "schemaVersion": 36, "panels": []}',
      { line: 1, path: 'version', message: /This is a board of Grafana: import it/ },
    ],
    [`{"version": 1, "x": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`, { line: 1, path: 'uid', message: /missing/ }],
  ])('is named, and the others are shown: %.40s', async (text, problem) => {
    writeFileSync(own('bad.json'), text)
    writeFileSync(own('good.json'), JSON.stringify(board()))
    const service = await open()
    expect(uids(service)).toEqual(['shop own'])
    const { message, ...place } = problem
    expect(service.list().problems).toContainEqual({
      file: 'dashboards/bad.json',
      ...place,
      message: expect.stringMatching(message),
    })
  })

  it('is named when it is too large, or not even text', async () => {
    writeFileSync(own('huge.json'), Buffer.alloc(2_000_001, 0x20))
    writeFileSync(own('image.json'), Buffer.from([0x89, 0x50, 0xff, 0xfe]))
    mkdirSync(own('directory.json'))
    const { problems } = (await open()).list()
    expect(problems.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'dashboards/directory.json: expected a file, came a directory.',
      'dashboards/huge.json: expected at most 2000000 bytes, came 2000001: is this the right file?',
      'dashboards/image.json: expected text in UTF-8, came other bytes: save the file as UTF-8.',
    ])
  })

  it('is named when another has its uid', async () => {
    writeFileSync(own('a.json'), JSON.stringify(board()))
    writeFileSync(own('b.json'), JSON.stringify(board({ title: 'Copy' })))
    const service = await open()
    expect(service.list().boards).toMatchObject([{ title: 'Shop' }])
    expect(service.list().problems).toMatchObject([
      {
        file: 'dashboards/b.json',
        message: 'expected a uid of its own, came "shop", which a.json has already: change one of them.',
      },
    ])
  })
})

describe('saving', () => {
  it('replaces the file and keeps what was there', async () => {
    const service = await open()
    const first = await service.create(board())
    const second = await service.save(board({ title: 'Web shop' }), first.revision, 'desktop')
    expect(second.revision).not.toBe(first.revision)
    expect(await service.revisions('shop')).toEqual([
      { revision: first.revision, at: ports.clock.now(), replacedBy: 'desktop', wasRemoved: false, title: 'Shop' },
    ])
    expect((await service.get('shop', first.revision)).board.title).toBe('Shop')
    await expect(service.get('shop', '0000')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is refused when the board was changed meanwhile, here or in its file', async () => {
    const service = await open()
    const first = await service.create(board())
    await service.save(board({ title: 'B' }), first.revision, 'one')
    await expect(service.save(board({ title: 'C' }), first.revision, 'two')).rejects.toMatchObject({
      code: 'conflict',
      message: '"B" has been changed since it was opened. Open it again, or save yours as a copy.',
    })
    const { revision } = await service.get('shop', null)
    writeFileSync(own('shop.json'), JSON.stringify(board({ title: 'By hand' })))
    await expect(service.save(board({ title: 'D' }), revision, 'two')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('takes a file that was only written in another way for the same', async () => {
    const service = await open()
    const { revision } = await service.create(board())
    writeFileSync(own('shop.json'), JSON.stringify({ ...board(), tags: [] }, null, 8))
    await expect(service.save(board({ title: 'B' }), revision, 'one')).resolves.toMatchObject({ board: { title: 'B' } })
  })

  it('of one that changes nothing writes nothing', async () => {
    const service = await open()
    const { revision } = await service.create(board())
    await service.save(board(), revision, 'one')
    expect(await service.revisions('shop')).toEqual([])
  })

  it('of a shipped board makes a copy, which can be reset', async () => {
    ship(board())
    const service = await open()
    const shipped = await service.get('shop', null)
    await service.save(board({ title: 'Mine' }), shipped.revision, 'one')
    expect(uids(service)).toEqual(['shop changed'])
    const { revision } = await service.get('shop', null)
    expect(await service.remove('shop', 'one')).toEqual({ uid: 'shop', title: 'Mine', revision, shipped: true })
    expect(await service.get('shop', null)).toMatchObject({ origin: 'shipped', revision: shipped.revision })
    await expect(service.remove('shop', 'one')).rejects.toMatchObject({
      code: 'unprocessable',
      message: '"Shop" ships with Belfry and cannot be removed. It can be changed.',
    })
    expect((await service.restore('shop', revision, 'one')).board.title).toBe('Mine')
    expect(await service.removed()).toEqual([])
  })

  it('keeps the newest thirty versions', async () => {
    const service = await open()
    let { revision } = await service.create(board())
    for (let i = 0; i < 35; i++) {
      ports.time.advance(1000)
      revision = (await service.save(board({ title: `Version ${i}` }), revision, 'one')).revision
    }
    const kept = await service.revisions('shop')
    expect(kept).toHaveLength(30)
    expect(kept[0]?.title).toBe('Version 33')
    expect(kept.at(-1)?.title).toBe('Version 4')
  })

  it('says what the system said when the directory cannot be written', async () => {
    const service = await open()
    rmSync(join(root, 'config'), { recursive: true })
    writeFileSync(join(root, 'config'), 'a file where the directory was')
    await expect(service.create(board())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /^dashboards.* could not be changed: ENOTDIR \(a part of the path is no directory\)\.$/,
      ),
    })
  })

  it('one after the other loses none', async () => {
    const service = await open()
    await Promise.all(Array.from({ length: 8 }, (_, i) => service.create(board({ title: `Board ${i}` }))))
    expect(
      uids(service)
        .map((text) => text.split(' ')[0])
        .toSorted(),
    ).toEqual(['shop', 'shop-2', 'shop-3', 'shop-4', 'shop-5', 'shop-6', 'shop-7', 'shop-8'])
  })
})

describe('removing', () => {
  it('can be taken back, also after a restart', async () => {
    const service = await open()
    await service.create(board())
    const { revision } = await service.remove('shop', 'one')
    expect(readdirSync(join(root, 'config/dashboards'))).toEqual([])
    await expect(service.get('shop', null)).rejects.toMatchObject({ code: 'not-found' })
    const again = await open()
    expect(await again.removed()).toMatchObject([
      { uid: 'shop', title: 'Shop', revision, wasRemoved: true, replacedBy: 'one' },
    ])
    expect(await again.restore('shop', revision, 'two')).toMatchObject({ board: { title: 'Shop' }, revision })
    expect(await again.removed()).toEqual([])
  })

  it('survives a kept version that is broken', async () => {
    const service = await open()
    const { revision } = await service.create(board())
    await service.save(board({ title: 'B' }), revision, 'one')
    writeFileSync(join(root, 'data/dashboard-history/shop', `${'9'.repeat(15)}-aaaa.json`), '{')
    expect(await service.revisions('shop')).toHaveLength(1)
    expect(ports.logger.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a kept version of a dashboard cannot be read' }),
    )
  })
})

describe('files that change by themselves', () => {
  it('are followed, and told once', async () => {
    const service = await open()
    await service.create(board())
    const before = told
    writeFileSync(own('shop.json'), JSON.stringify(board({ title: 'By hand' })))
    writeFileSync(own('bad.json'), '{')
    // The slow look finds it where the system's events are late or lost.
    await vi.waitFor(() => {
      ports.time.advance(5000)
      expect(service.list().boards).toMatchObject([{ title: 'By hand' }])
      expect(service.list().problems).toMatchObject([{ file: 'dashboards/bad.json' }])
    })
    expect(told).toBeGreaterThan(before)
  })

  it('are named when they may not be read', async () => {
    if (process.getuid?.() === 0) return // The superuser may read everything.
    writeFileSync(own('shop.json'), JSON.stringify(board()))
    chmodSync(own('shop.json'), 0)
    onTestFinished(() => chmodSync(own('shop.json'), 0o600))
    expect((await open()).list().problems).toMatchObject([{ file: 'dashboards/shop.json', message: /EACCES/ }])
  })
})
