import { expect, it } from 'vitest'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import { fakePorts } from './support/ports.ts'

function open() {
  const { clock, logger, time } = fakePorts()
  const events = createEvents()
  const told: string[][] = []
  events.subscribe((name, payload) => {
    if (name === 'console.noticesChanged') told.push((payload as { id: string }[]).map(({ id }) => id))
  })
  return { notices: createNotices(clock, logger, events), told, time, logger }
}

const notice = (id: string, level: 'info' | 'warning' | 'error', message = 'as it is') => ({
  id,
  level,
  title: id,
  message,
})

it('lists what is worst first, then what is newest', async () => {
  const { notices, time } = open()
  for (const [id, level] of [
    ['error', 'error'],
    ['warning', 'warning'],
    ['old', 'info'],
    ['new', 'info'],
  ] as const) {
    notices.raise(notice(id, level))
    await time.advance(1000)
  }
  expect(notices.list().map(({ id }) => id)).toEqual(['error', 'warning', 'new', 'old'])
})

it('tells the same thing once, and keeps its first instant when the text changes', async () => {
  const { notices, told, time, logger } = open()
  notices.raise(notice('disk', 'warning', '1 GiB is free'))
  notices.raise(notice('disk', 'warning', '1 GiB is free'))
  const [first] = notices.list()
  await time.advance(5000)
  notices.raise(notice('disk', 'error', '10 MiB are free'))
  expect(notices.list()).toEqual([{ ...first, level: 'error', message: '10 MiB are free' }])
  expect(told).toHaveLength(2)
  expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'error'])
})

it('withdraws once', () => {
  const { notices, told } = open()
  notices.raise(notice('disk', 'warning'))
  notices.withdraw('disk')
  notices.withdraw('disk')
  expect(told).toEqual([['disk'], []])
})

it('are dismissed until they say something else, and only those that need nothing done', () => {
  const { notices, told } = open()
  notices.raise(notice('restored', 'info', 'a backup was restored'))
  notices.raise(notice('disk', 'warning', '1 GiB is free'))
  notices.dismiss('restored')
  expect(notices.list().map(({ id }) => id)).toEqual(['disk'])
  expect(told.at(-1)).toEqual(['disk'])
  notices.raise(notice('restored', 'info', 'a backup was restored'))
  expect(notices.list()).toHaveLength(1)
  notices.raise(notice('restored', 'info', 'another backup was restored'))
  expect(notices.list()).toHaveLength(2)
  expect(() => notices.dismiss('disk')).toThrow(expect.objectContaining({ code: 'unprocessable' }))
  expect(() => notices.dismiss('nothing')).not.toThrow()
})
