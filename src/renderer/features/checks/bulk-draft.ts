/** A bulk edit as it is typed: empty fields leave what the checks have. */
import type { ChecksChange } from '#shared/contract/checks.ts'
import { parseQuantity } from '../../ui/form/quantity-text.ts'

export interface BulkDraft {
  readonly every: string
  readonly timeout: string
  /** `keep`, `none`, or `group:NAME`. */
  readonly group: string
  /** Separated by commas. */
  readonly addTags: string
  readonly removeTags: string
  /** `name=value`, separated by commas. */
  readonly setLabels: string
  /** Names, separated by commas. */
  readonly removeLabels: string
}

export const emptyBulkDraft: BulkDraft = {
  every: '',
  timeout: '',
  group: 'keep',
  addTags: '',
  removeTags: '',
  setLabels: '',
  removeLabels: '',
}

/** What is wrong with a field: what was expected, what came. */
export type BulkProblems = Partial<Record<keyof BulkDraft, string>>

export type ReadBulkDraft =
  | { readonly ok: true /** Null: nothing is changed. */; readonly change: ChecksChange | null }
  | { readonly ok: false; readonly problems: BulkProblems }

const labelName = /^[A-Za-z_][A-Za-z0-9_]*$/

export function readBulkDraft(draft: BulkDraft): ReadBulkDraft {
  const problems: Partial<Record<keyof BulkDraft, string>> = {}
  const change: { -readonly [K in keyof ChecksChange]: ChecksChange[K] } = {}

  const duration = (field: 'every' | 'timeout', target: 'everyMs' | 'timeoutMs') => {
    if (draft[field].trim() === '') return
    const read = parseQuantity(draft[field], 'ms')
    if (read.ok) change[target] = read.value
    else problems[field] = read.message
  }
  duration('every', 'everyMs')
  duration('timeout', 'timeoutMs')
  if (draft.group === 'none') change.group = null
  else if (draft.group !== 'keep') change.group = draft.group.slice('group:'.length)

  const addTags = wordsOf(draft.addTags)
  const removeTags = wordsOf(draft.removeTags)
  if (addTags.length > 0) change.addTags = addTags
  if (removeTags.length > 0) change.removeTags = removeTags
  const both = addTags.find((tag) => removeTags.includes(tag))
  if (both !== undefined) problems.removeTags = `"${both}" is both added and removed.`

  const labels = wordsOf(draft.setLabels).map((text) => text.split(/=(.*)/s))
  const broken = labels.find(([name = '', value]) => value === undefined || !labelName.test(name.trim()))
  if (broken) problems.setLabels = `Expected name=value with a name of letters, digits and _, got "${broken[0] ?? ''}".`
  else if (labels.length > 0)
    change.setLabels = Object.fromEntries(labels.map(([name = '', value = '']) => [name.trim(), value.trim()]))
  const removeLabels = wordsOf(draft.removeLabels)
  if (removeLabels.length > 0) change.removeLabels = removeLabels

  if (Object.keys(problems).length > 0) return { ok: false, problems }
  return { ok: true, change: Object.keys(change).length === 0 ? null : change }
}

function wordsOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
  ]
}
