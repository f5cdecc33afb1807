import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openConfigFile } from '#main/config/open-config.ts'
import { Wall } from '#shared/contract/walls.ts'
import { fakePorts } from '#test/support/ports.ts'

const root = mkdtempSync(join(tmpdir(), 'belfry-walls-'))
afterAll(() => rmSync(root, { recursive: true }))

/** A configuration with this text, and the text as it is after it was edited. */
async function configured(text: string) {
  const directory = mkdtempSync(join(root, 'config-'))
  const path = join(directory, 'belfry.yaml')
  writeFileSync(path, text)
  const config = await openConfigFile({ directory, logger: fakePorts().logger, kinds: { checks: [], collectors: [] } })
  return { config, text: () => readFileSync(path, 'utf8') }
}

const lobby = Wall.parse({
  name: 'lobby',
  title: 'Lobby',
  distanceMetres: 5,
  pages: [{ kind: 'checks', labels: { team: 'shop' }, showMs: 20_000 }, { kind: 'clock' }],
})

const written = `version: 1

# Screens of the house.
walls:
  # Seen from the door.
  - name: lobby
    title: Lobby
    distanceMetres: 5
    pages:
      - kind: checks
        for: 20s
        labels:
          team: shop
      - kind: clock
  - name: desk # small
    title: Desk
    autofocus: 0s
    pages:
      - kind: series
        metric: node_load1
        window: 2h
`

describe('walls in belfry.yaml', () => {
  it('are read with all their defaults, durations as people write them', async () => {
    const { config } = await configured(written)
    expect(config.problems()).toEqual([])
    expect(config.current().walls[0]).toEqual(lobby)
    expect(config.current().walls[1]).toMatchObject({
      autofocusMs: 0,
      diagonalInches: 55,
      pages: [{ metric: 'node_load1', windowMs: 7_200_000, showMs: 30_000 }],
    })
  })

  it.each([
    ['walls: lobby', null, 'expected a list of walls'],
    ['walls:\n  - name: Lobby\n    title: A\n    pages: [{kind: clock}]', 2, 'lower case letters'],
    ['walls:\n  - name: a\n    title: A\n    pages: []', 4, 'expected'],
    ['walls:\n  - name: a\n    title: A\n    pages: [{kind: poem}]', 4, 'expected'],
    ['walls:\n  - name: a\n    title: A\n    pages: [{kind: clock, for: 1s}]', 4, 'between 5s and 1h'],
    ['walls:\n  - name: a\n    title: A\n    diagonalInches: huge\n    pages: [{kind: clock}]', 4, 'a number'],
    ['walls:\n  - name: a\n    title: A\n    timeZone: Mars\n    pages: [{kind: clock}]', 4, 'Europe/Berlin'],
    ['walls:\n  - name: a\n    title: A\n    colour: red\n    pages: [{kind: clock}]', 4, '"colour" is not known'],
  ])('names what is wrong with %j', async (text, line, message) => {
    const { config } = await configured(text)
    const problems = config.problems()
    expect(config.current().walls).toEqual([])
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(message)
    if (line !== null) expect(problems[0]?.line).toBe(line)
  })

  it('leaves out a second one of the same name, and keeps the others', async () => {
    const { config } = await configured(written.replace('name: desk # small', 'name: lobby'))
    expect(config.current().walls.map(({ name }) => name)).toEqual(['lobby'])
    expect(config.problems()[0]?.message).toContain('Another wall is named "lobby"')
  })
})

describe('a wall that a screen changes', () => {
  it('is written into a new section without its defaults', async () => {
    const { config, text } = await configured('version: 1\n')
    expect(await config.saveWall(null, lobby)).toEqual(lobby)
    expect(text()).toContain('walls:\n  - name: lobby\n    title: Lobby\n    distanceMetres: 5\n')
    expect(text()).not.toContain('diagonalInches')
    expect((await configured(text())).config.current().walls).toEqual([lobby])
  })

  it('keeps the comments, and every line of the others', async () => {
    const { config, text } = await configured(written)
    await config.saveWall('lobby', { ...lobby, title: 'Entrance' })
    expect(text()).toBe(written.replace('title: Lobby', 'title: Entrance'))
  })

  it('stays as it was written when nothing about it changed', async () => {
    const { config, text } = await configured(written)
    await config.saveWall('lobby', lobby)
    expect(text()).toBe(written)
  })

  it('takes a new name, unless another has it', async () => {
    const { config, text } = await configured(written)
    await expect(config.saveWall('lobby', { ...lobby, name: 'desk' })).rejects.toThrow('already')
    await expect(config.saveWall(null, lobby)).rejects.toThrow('already')
    expect(text()).toBe(written)
    expect((await config.saveWall('lobby', { ...lobby, name: 'hall' })).name).toBe('hall')
  })

  it('is taken away alone, and can be brought back', async () => {
    const { config, text } = await configured(written)
    expect(await config.removeWall('lobby')).toEqual(lobby)
    expect(config.current().walls.map(({ name }) => name)).toEqual(['desk'])
    expect(text()).toContain('- name: desk # small')
    await config.saveWall('lobby', lobby)
    expect(config.current().walls).toContainEqual(lobby)
    await expect(config.removeWall('attic')).rejects.toThrow('no wall named "attic"')
  })
})
