import { describe, expect, it } from 'vitest'
import { createResolver } from '#main/checks/network/resolve.ts'

const patient = () => new AbortController().signal
const address = { address: '192.0.2.1', family: 4 }

/** Names that begin with "dead" are never answered, until `wake`. */
function scripted(mostAtOnce: number) {
  const asked: string[] = []
  const sleeping: (() => void)[] = []
  const resolve = createResolver(async (host) => {
    asked.push(host)
    if (host.startsWith('dead')) await new Promise<void>((wake) => sleeping.push(wake))
    if (host.startsWith('no')) throw new Error('ENOTFOUND')
    return [address]
  }, mostAtOnce)
  const wake = () => {
    for (const one of sleeping.splice(0)) one()
  }
  return { resolve, asked, wake }
}

describe('a resolver that does not answer', () => {
  it('holds up no check of an address', async () => {
    const { resolve, asked } = scripted(2)
    const hanging = new AbortController()
    const dead = [1, 2, 3, 4].map((n) => resolve(`dead${n}.example`, 'any', hanging.signal))
    expect(await resolve('198.51.100.7', 'any', patient())).toEqual([{ address: '198.51.100.7', family: 4 }])
    expect(await resolve('2001:db8::1', '6', patient())).toEqual([{ address: '2001:db8::1', family: 6 }])
    hanging.abort(new Error('the deadline has passed'))
    for (const one of dead) await expect(one).rejects.toThrow('the deadline has passed')
    expect(asked).toEqual(['dead1.example', 'dead2.example'])
  })

  it('is asked only so much at once, and not at all for whom nobody waits any more', async () => {
    const { resolve, asked, wake } = scripted(1)
    const first = resolve('dead1.example', 'any', patient())
    const impatient = new AbortController()
    const left = resolve('dead2.example', 'any', impatient.signal)
    const last = resolve('well.example', 'any', patient())
    impatient.abort(new Error('too late'))
    await expect(left).rejects.toThrow('too late')
    expect(asked).toEqual(['dead1.example'])
    wake()
    expect(await first).toEqual([address])
    expect(await last).toEqual([address])
    expect(asked).toEqual(['dead1.example', 'well.example'])
  })
})

describe('names', () => {
  it('are looked up once for all who ask at the same time, per version, and again later', async () => {
    const { resolve, asked } = scripted(9)
    const all = await Promise.all([1, 2, 3].map(() => resolve('well.example', 'any', patient())))
    expect(all).toEqual([[address], [address], [address]])
    await Promise.all([resolve('well.example', '4', patient()), resolve('well.example', '6', patient())])
    expect(asked).toHaveLength(3)
  })

  it('that are not found are told to all, and take no place', async () => {
    const { resolve } = scripted(1)
    const failures = await Promise.allSettled([1, 2].map(() => resolve('no.example', 'any', patient())))
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await resolve('well.example', 'any', patient())).toEqual([address])
  })

  it('are not looked up for a probe that has ended', async () => {
    const { resolve, asked } = scripted(1)
    await expect(resolve('well.example', 'any', AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
    expect(asked).toEqual([])
  })
})
