import { expect, it } from 'vitest'
import { afterStorageLoss } from '#main/care/after-storage-loss.ts'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import { fakePorts } from '#test/support/ports.ts'

async function lostAfter(uptimeMs: number, canRestart = true) {
  const ports = fakePorts()
  const notices = createNotices(ports.clock, ports.logger, createEvents())
  let restarts = 0
  const restart = canRestart ? () => void restarts++ : undefined
  const lost = afterStorageLoss({ ...ports, notices, restart })
  await ports.time.advance(uptimeMs)
  lost(new Error('out of memory'))
  return { restarts, message: notices.list()[0]?.message }
}

it('starts the console anew when its storage is lost', async () => {
  expect(await lostAfter(3_600_000)).toEqual({
    restarts: 1,
    message: 'A storage worker ended by itself (out of memory). Belfry starts itself anew.',
  })
})

it.each([
  ['it has only just started, for it would fall again', 60_000, true],
  ['nobody would start it', 3_600_000, false],
])('asks for a restart when %s', async (_, uptimeMs, canRestart) => {
  const { restarts, message } = await lostAfter(uptimeMs, canRestart)
  expect(restarts).toBe(0)
  expect(message).toContain('Nothing is recorded any more: restart Belfry.')
})
