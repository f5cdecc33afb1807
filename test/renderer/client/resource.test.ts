import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { settle } from '#test/support/fake-time.ts'
import { createResource } from '../../../src/renderer/client/resource.ts'

/** A resource whose attempts are answered by hand, one after the other. */
function resourceInHand() {
  let now = 1000
  const attempts: { resolve: (value: string) => void; reject: (error: unknown) => void; signal: AbortSignal }[] = []
  const resource = createResource<string>(
    (signal) => new Promise((resolve, reject) => void attempts.push({ resolve, reject, signal })),
    () => now,
  )
  const pass = (ms: number) => {
    now += ms
  }
  return { resource, attempts, pass }
}

beforeEach(() => {
  vi.stubGlobal('reportError', vi.fn())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a resource', () => {
  it('asks when it is first watched, and not before', async () => {
    const { resource, attempts } = resourceInHand()
    resource.refetch()
    expect(attempts).toHaveLength(0)
    resource.watch(() => {})
    resource.watch(() => {})
    expect(attempts).toHaveLength(1)
    expect(resource.state()).toMatchObject({ data: null, isLoading: true })
    attempts[0]?.resolve('a')
    await settle()
    expect(resource.state()).toEqual({ data: 'a', dataAt: 1000, failure: null, isLoading: false })
  })

  it('keeps the last good answer when a later attempt fails, and says since when it fails', async () => {
    const { resource, attempts, pass } = resourceInHand()
    resource.watch(() => {})
    attempts[0]?.resolve('good')
    await settle()
    pass(500)
    resource.refetch()
    attempts[1]?.reject(new AppError('unavailable', 'no storage'))
    await settle()
    pass(500)
    resource.refetch()
    attempts[2]?.reject(new AppError('timeout', 'too slow'))
    await settle()
    expect(resource.state()).toEqual({
      data: 'good',
      dataAt: 1000,
      failure: { code: 'timeout', message: 'too slow', since: 1500 },
      isLoading: false,
    })
    resource.refetch()
    attempts[3]?.resolve('again')
    await settle()
    expect(resource.state()).toMatchObject({ data: 'again', dataAt: 2000, failure: null })
  })

  it('runs one attempt at a time and one more for all requests meanwhile', async () => {
    const { resource, attempts } = resourceInHand()
    resource.watch(() => {})
    for (let request = 0; request < 5; request++) resource.refetch()
    expect(attempts).toHaveLength(1)
    attempts[0]?.resolve('a')
    await settle()
    expect(attempts).toHaveLength(2)
    attempts[1]?.resolve('b')
    await settle()
    expect(attempts).toHaveLength(2)
    expect(resource.state().data).toBe('b')
  })

  it('cancels its attempt when the last watcher goes, and asks again for the next one', async () => {
    const { resource, attempts } = resourceInHand()
    const end = resource.watch(() => {})
    end()
    expect(attempts[0]?.signal.aborted).toBe(true)
    attempts[0]?.reject(new AppError('closed', 'cancelled'))
    await settle()
    expect(resource.state()).toMatchObject({ failure: null, isLoading: false })
    resource.watch(() => {})
    expect(attempts).toHaveLength(2)
  })

  it('does not ask again for a new watcher while it has an answer', async () => {
    const { resource, attempts } = resourceInHand()
    const end = resource.watch(() => {})
    attempts[0]?.resolve('a')
    await settle()
    end()
    resource.watch(() => {})
    expect(attempts).toHaveLength(1)
  })

  it('is patched only once it has an answer, and tells its watchers', async () => {
    const { resource, attempts, pass } = resourceInHand()
    const watcher = vi.fn()
    resource.watch(watcher)
    resource.patch((data) => `${data}!`)
    expect(resource.state().data).toBeNull()
    attempts[0]?.resolve('a')
    await settle()
    watcher.mockClear()
    pass(50)
    resource.patch((data) => `${data}!`)
    expect(resource.state()).toMatchObject({ data: 'a!', dataAt: 1050 })
    expect(watcher).toHaveBeenCalledTimes(1)
  })

  it('reports what nobody expected and shows it without its cause', async () => {
    const { resource, attempts } = resourceInHand()
    resource.watch(() => {})
    const bug = new TypeError('x is not a function')
    attempts[0]?.reject(bug)
    await settle()
    expect(reportError).toHaveBeenCalledWith(bug)
    expect(resource.state().failure).toMatchObject({ code: 'internal' })
    expect(resource.state().failure?.message).not.toContain('function')
  })
})
