import { describe, expect, it, onTestFinished } from 'vitest'
import { createAudit } from '#main/access/audit.ts'
import { fakePorts } from '#test/support/ports.ts'
import { temporaryState } from '#test/support/state-store.ts'

const noFilter = { actor: '', action: '', text: '', from: null, to: null }

async function written() {
  const state = await temporaryState()
  onTestFinished(() => state.close())
  const ports = fakePorts()
  const audit = createAudit({ state, ...ports })
  const firstAt = ports.clock.now()
  for (let n = 0; n < 6; n++) {
    await audit.note(n % 2 === 0 ? 'Session' : 'token:grafana', [
      { action: n < 3 ? 'check.changed' : 'alert.acknowledged', subject: `100%_${n}`, detail: { note: `=${n}+1` } },
    ])
    await ports.time.advance(1000)
  }
  return { audit, firstAt }
}

describe('the audit log', () => {
  it.each([
    ['who, in any case', { actor: 'SESSION' }, [5, 3, 1]],
    ['what was done', { action: 'check.' }, [3, 2, 1]],
    ['the subject, taken literally', { text: '0%_4' }, [5]],
    ['the detail', { text: '=3+' }, [4]],
    ['all of them together', { actor: 'token', action: 'alert' }, [6, 4]],
    ['nothing that fits', { text: '0%%4' }, []],
  ])('is filtered by %s', async (_, filter, sequences) => {
    const { audit } = await written()
    const { entries } = await audit.list(10, null, { ...noFilter, ...filter })
    expect(entries.map(({ sequence }) => sequence)).toEqual(sequences)
  })

  it('is filtered by a half-open range of time', async () => {
    const { audit, firstAt } = await written()
    const { entries } = await audit.list(10, null, { ...noFilter, from: firstAt + 1000, to: firstAt + 3000 })
    expect(entries.map(({ sequence }) => sequence)).toEqual([3, 2])
  })

  it('pages through what fits', async () => {
    const { audit } = await written()
    const first = await audit.list(2, null, { ...noFilter, actor: 'session' })
    const second = await audit.list(2, first.next, { ...noFilter, actor: 'session' })
    expect([...first.entries, ...second.entries].map(({ sequence }) => sequence)).toEqual([5, 3, 1])
    expect(second.next).toBe(null)
  })

  it('becomes CSV with a header, in which nothing is a formula', async () => {
    const { audit } = await written()
    const { text, entries, next } = await audit.export('csv', null, noFilter)
    const lines = text.trimEnd().split('\r\n')
    expect(lines[0]).toBe('sequence,at,actor,action,subject,detail,hash')
    expect(lines).toHaveLength(7)
    expect(lines[6]).toMatch(
      /^1,\d{4}-\d\d-\d\dT[\d:.]+Z,Session,check\.changed,100%_0,"\{""note"":""=0\+1""\}",[0-9a-f]{64}$/,
    )
    expect({ entries, next }).toEqual({ entries: 6, next: null })
  })

  it('becomes JSON lines, the first with the version of the format', async () => {
    const { audit } = await written()
    const lines = (await audit.export('json', null, { ...noFilter, action: 'check' })).text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { belfryAudit: 1 },
      { sequence: 3, subject: '100%_2', detail: { note: '=2+1' } },
      { sequence: 2 },
      { sequence: 1 },
    ])
  })
})
