import { describe, expect, it } from 'vitest'
import { editConfig } from '#main/config/config-edit.ts'
import { readConfig } from '#main/config/read-config.ts'
import { Wall } from '#shared/contract/walls.ts'

const path = 'belfry.yaml'
const read = (text: string) => readConfig(text, path, [])
const save = (text: string, name: string | null, wall: Wall) =>
  editConfig(text, read(text), { edit: 'saveWall', name, wall }, path, []).text
const remove = (text: string, name: string) => editConfig(text, read(text), { edit: 'removeWall', name }, path, []).text

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
  it('are read with all their defaults, durations as people write them', () => {
    const { config, problems } = read(written)
    expect(problems).toEqual([])
    expect(config.walls[0]).toEqual(lobby)
    expect(config.walls[1]).toMatchObject({
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
  ])('names what is wrong with %j', (text, line, message) => {
    const { config, problems } = read(text)
    expect(config.walls).toEqual([])
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(message)
    if (line !== null) expect(problems[0]?.line).toBe(line)
  })

  it('leaves out a second one of the same name, and keeps the others', () => {
    const twice = written.replace('name: desk # small', 'name: lobby')
    const { config, problems } = read(twice)
    expect(config.walls.map(({ name }) => name)).toEqual(['lobby'])
    expect(problems[0]?.message).toContain('Another wall is named "lobby"')
  })
})

describe('a wall that a screen changes', () => {
  it('is written into a new section without its defaults', () => {
    const text = save('version: 1\n', null, lobby)
    expect(text).toContain('walls:\n  - name: lobby\n    title: Lobby\n    distanceMetres: 5\n')
    expect(text).not.toContain('diagonalInches')
    expect(read(text).config.walls).toEqual([lobby])
  })

  it('keeps the comments, and every line of the others', () => {
    const text = save(written, 'lobby', { ...lobby, title: 'Entrance' })
    expect(text).toBe(written.replace('title: Lobby', 'title: Entrance'))
  })

  it('stays as it was written when nothing about it changed', () => {
    expect(save(written, 'lobby', lobby)).toBe(written)
  })

  it('takes a new name, unless another has it', () => {
    expect(read(save(written, 'lobby', { ...lobby, name: 'hall' })).config.walls[0]?.name).toBe('hall')
    expect(() => save(written, 'lobby', { ...lobby, name: 'desk' })).toThrow('already')
    expect(() => save(written, null, lobby)).toThrow('already')
  })

  it('is taken away alone, and can be brought back', () => {
    const without = remove(written, 'lobby')
    expect(read(without).config.walls.map(({ name }) => name)).toEqual(['desk'])
    expect(without).toContain('- name: desk # small')
    expect(read(save(without, 'lobby', lobby)).config.walls).toContainEqual(lobby)
    expect(() => remove(written, 'attic')).toThrow('no wall named "attic"')
  })
})
