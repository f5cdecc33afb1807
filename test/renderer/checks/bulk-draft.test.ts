import { describe, expect, it } from 'vitest'
import { type BulkDraft, emptyBulkDraft, readBulkDraft } from '../../../src/renderer/features/checks/bulk-draft.ts'

const read = (draft: Partial<BulkDraft>) => readBulkDraft({ ...emptyBulkDraft, ...draft })

describe('a bulk edit', () => {
  it('changes nothing where nothing was typed', () => {
    expect(read({})).toEqual({ ok: true, change: null })
    expect(read({ every: '  ', addTags: ' , ' })).toEqual({ ok: true, change: null })
  })

  it('has only what was typed', () => {
    expect(read({ every: '5 min', timeout: '2s' })).toEqual({ ok: true, change: { everyMs: 300_000, timeoutMs: 2000 } })
    expect(read({ group: 'none' })).toEqual({ ok: true, change: { group: null } })
    expect(read({ group: 'group:none' })).toEqual({ ok: true, change: { group: 'none' } })
    expect(read({ addTags: 'slow, paid, slow', removeTags: 'old' })).toEqual({
      ok: true,
      change: { addTags: ['slow', 'paid'], removeTags: ['old'] },
    })
    expect(read({ setLabels: 'team = web, note=a=b', removeLabels: 'tier' })).toEqual({
      ok: true,
      change: { setLabels: { team: 'web', note: 'a=b' }, removeLabels: ['tier'] },
    })
  })

  it.each<[Partial<BulkDraft>, keyof BulkDraft]>([
    [{ every: 'soon' }, 'every'],
    [{ timeout: '-1' }, 'timeout'],
    [{ setLabels: 'team' }, 'setLabels'],
    [{ setLabels: '1team=web' }, 'setLabels'],
    [{ addTags: 'a', removeTags: 'a' }, 'removeTags'],
  ])('says what is wrong with %j', (draft, field) => {
    const answer = read(draft)
    expect(answer.ok ? null : Object.keys(answer.problems)).toEqual([field])
  })
})
