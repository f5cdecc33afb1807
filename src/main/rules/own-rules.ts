/**
 * The operator's own rules, in one Prometheus rule file that screens write and people may edit: comments and order stay,
 * writing is atomic, and a file that is no valid YAML is never written over.
 */
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import { unifiedDiff } from '#main/config/unified-diff.ts'
import { systemErrorCode } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { RuleDraft } from '#shared/contract/alerts.ts'
import type { FileDifference } from '#shared/contract/config.ts'
import { AppError } from '#shared/contract/errors.ts'
import { formatDurationMs } from '#shared/promql/duration.ts'
import { ownRulesFile } from './rule-book.ts'

const emptyFile = `# Rules written in Belfry: a Prometheus rule file (promtool check rules accepts it).
groups:
  - name: own
    rules: []
`

export interface OwnRules {
  /** Adds a rule, or puts it in the place of the own rule named `replaced`. */
  save(draft: RuleDraft, replaced: string | null): Promise<void>
  /** What `save` would make of the file; empty where it says this already. */
  preview(draft: RuleDraft, replaced: string | null): Promise<FileDifference[]>
  /** False when there is no own rule of that name. */
  remove(name: string): Promise<boolean>
}

/** Edits happen one after another. Both reject with AppError `conflict` while the file cannot be understood. */
export function ownRules(configDirectory: string): OwnRules {
  const path = join(configDirectory, ownRulesFile)
  let last: Promise<unknown> = Promise.resolve()
  const edit = <T>(change: (document: Document, rules: YAMLMap[]) => T): Promise<T> => {
    const run = last.then(async () => {
      const before = await textOf(path)
      const document = parsed(before)
      const answer = change(document, rulesIn(document))
      const after = document.toString({ lineWidth: 0 })
      if (after !== before) await writeDurably(path, after)
      return answer
    })
    last = run.catch(() => undefined) // Told to the caller; the next edit stands on its own.
    return run
  }
  return {
    save: (draft, replaced) => edit((document, rules) => put(document, rules, draft, replaced)),
    async preview(draft, replaced) {
      const text = await textOf(path)
      const document = parsed(text)
      put(document, rulesIn(document), draft, replaced)
      const isNew = text === emptyFile && !(await isThere(path))
      const diff = unifiedDiff(ownRulesFile, isNew ? null : text, document.toString({ lineWidth: 0 }))
      return diff === '' ? [] : [{ file: ownRulesFile, isNew, diff }]
    },
    remove: (name) =>
      edit((document) => {
        for (const list of ruleLists(document)) {
          const index = list.items.findIndex((rule) => isMap(rule) && rule.get('alert') === name)
          if (index < 0) continue
          list.items.splice(index, 1)
          return true
        }
        return false
      }),
  }
}

function put(document: Document, rules: readonly YAMLMap[], draft: RuleDraft, replaced: string | null): void {
  const old = rules.find((rule) => rule.get('alert') === (replaced ?? draft.alert))
  const fields = fieldsOf(draft)
  if (!old) {
    firstRules(document).add(document.createNode(fields))
    return
  }
  for (const name of ['for', 'keep_firing_for', 'labels', 'annotations']) {
    if (!Object.hasOwn(fields, name)) old.delete(name)
  }
  for (const [name, value] of Object.entries(fields)) old.set(name, document.createNode(value))
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return emptyFile
    throw error
  }
}

function parsed(text: string): Document {
  const document = parseDocument(text.trim() === '' ? emptyFile : text)
  const [error] = document.errors
  if (!error) return document
  const message = `${ownRulesFile} is no valid YAML (${error.message.split('\n')[0]}); mend it first, nothing was changed.`
  throw new AppError('conflict', message)
}

/** As a person would write it: nothing that says what is so anyway. */
function fieldsOf(draft: RuleDraft): Record<string, unknown> {
  return {
    alert: draft.alert,
    expr: draft.expr,
    ...(draft.forMs > 0 ? { for: formatDurationMs(draft.forMs) } : {}),
    ...(draft.keepFiringForMs > 0 ? { keep_firing_for: formatDurationMs(draft.keepFiringForMs) } : {}),
    ...(Object.keys(draft.labels).length > 0 ? { labels: draft.labels } : {}),
    ...(Object.keys(draft.annotations).length > 0 ? { annotations: draft.annotations } : {}),
  }
}

function ruleLists(document: Document): YAMLSeq[] {
  const groups = document.get('groups')
  if (!isSeq(groups)) return []
  return groups.items.flatMap((group) => {
    const rules = isMap(group) ? group.get('rules') : null
    return isSeq(rules) ? [rules] : []
  })
}

const rulesIn = (document: Document) => ruleLists(document).flatMap((list) => list.items.filter(isMap))

/** The list new rules are added to; made where the file has none. */
function firstRules(document: Document): YAMLSeq {
  const first = ruleLists(document)[0]
  if (first) {
    first.flow = false
    return first
  }
  document.set('groups', document.createNode([{ name: 'own', rules: [] }]))
  const [made] = ruleLists(document)
  if (!made) throw new Error('a list of rules was made')
  made.flow = false
  return made
}
