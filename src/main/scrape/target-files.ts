/** Files of targets (file_sd_configs): JSON or YAML lists of `targets` with `labels`. */
import { glob, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { systemErrorText } from '#main/files/system-error.ts'
import type { PrometheusProblem, TargetGroup } from './prometheus-config.ts'

const Label = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? '' : String(value)))
const Groups = z
  .array(
    z.strictObject({
      targets: z.array(z.union([z.string(), z.number()]).transform(String)).nullish(),
      labels: z.record(z.string(), Label).nullish(),
    }),
  )
  .nullable()

/** Larger than a hundred thousand targets need: 32 MiB. */
const mostCharacters = 32 * 2 ** 20

export interface FoundGroups {
  readonly groups: readonly TargetGroup[]
  readonly problems: readonly PrometheusProblem[]
}

/** What the last good reading of each file gave: a file that is being written does not take its targets away. */
export type KnownGroups = Map<string, readonly TargetGroup[]>

/** Reads all files that match. `known` is updated; files that are gone are forgotten. */
export async function readTargetFiles(patterns: readonly string[], known: KnownGroups): Promise<FoundGroups> {
  const groups: TargetGroup[] = []
  const problems: PrometheusProblem[] = []
  const files = await filesOf(patterns)
  for (const file of known.keys()) if (!files.includes(file)) known.delete(file)
  for (const file of files) {
    const tell = (message: string, line: number | null = null) => {
      const kept = known.has(file) ? '; what it said before is used' : ''
      problems.push({ level: 'error', file, line, message: `${message}${kept}` })
    }
    try {
      const text = await readFile(file, 'utf8')
      const read = groupsIn(file, text)
      if (typeof read === 'string') tell(read)
      else known.set(file, read)
    } catch (error) {
      tell(systemErrorText(error))
    }
    groups.push(...(known.get(file) ?? []))
  }
  return { groups, problems }
}

export async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const files = new Set<string>()
  for (const pattern of patterns) for await (const file of glob(pattern)) files.add(file)
  return [...files].sort()
}

/** A text says why it is none. */
function groupsIn(file: string, text: string): TargetGroup[] | string {
  if (text.length > mostCharacters) return `expected at most ${mostCharacters} characters, got ${text.length}`
  let value: unknown
  try {
    value = file.toLowerCase().endsWith('.json') ? JSON.parse(text) : parse(text, { maxAliasCount: 100 })
  } catch (error) {
    return `expected a list of targets, got what is no ${file.split('.').at(-1)?.toUpperCase()}: ${error instanceof Error ? error.message : error}`
  }
  const parsed = Groups.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `expected a list such as [{"targets": ["db-1:9100"], "labels": {"env": "prod"}}]; ${issue?.path.join('.')}: ${issue?.message}`
  }
  return (parsed.data ?? []).map(({ targets, labels }, index) => ({
    source: `${basename(file)}:${index}`,
    targets: targets ?? [],
    labels: { ...labels, __meta_filepath: file },
  }))
}
