import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkKinds } from '#main/checks/kinds/index.ts'
import type { CheckKindView } from '#shared/contract/checks.ts'
import { commonFields, emptyDraft, readDraft } from '../../../src/renderer/features/checks/check-draft.ts'
import { issuesOfDraft } from '../../../src/renderer/ui/form/draft.ts'

const views: readonly CheckKindView[] = checkKinds.map(({ kind, title, description, config }) => ({
  kind,
  title,
  description,
  schema: z.json().parse(JSON.parse(JSON.stringify(z.toJSONSchema(config, { io: 'input' })))),
  defaults: {},
}))

describe('a draft', () => {
  it.each(views.map((view) => [view.kind, view] as const))('of %s is complete once it has a name', (_, view) => {
    expect(readDraft(emptyDraft(view))).toMatchObject({ ok: false, issues: [{ path: 'name' }] })
    expect(readDraft({ ...emptyDraft(view), name: 'Shop' })).toMatchObject({ ok: true, draft: { everyMs: 60_000 } })
  })

  it('names what is wrong by the path of its field, and saves nothing else in its place', () => {
    const [view] = views
    if (!view) throw new Error('expected a kind')
    expect(readDraft({ ...emptyDraft(view), name: 'Shop', everyMs: 'soon', confirm: { failures: 99 } })).toMatchObject({
      ok: false,
      issues: [{ path: 'everyMs' }, { path: 'confirm.failures' }],
    })
  })

  it('asks for interval and timeout at once and folds the rest', () => {
    expect(commonFields.filter(({ essential }) => essential).map(({ name }) => name)).toEqual(['everyMs', 'timeoutMs'])
    expect(commonFields.map(({ title }) => title)).toEqual([
      'Interval',
      'Timeout',
      'Confirmation',
      'Degraded when slower than',
      'Labels',
      'Group',
      'Tags',
    ])
  })
})

describe('issuesOfDraft', () => {
  it('begins paths at the draft', () => {
    expect(issuesOfDraft([{ path: 'draft.config.url', message: 'expected a URL' }])).toEqual([
      { path: 'config.url', message: 'expected a URL' },
    ])
  })
})
