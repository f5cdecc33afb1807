/**
 * The configuration as files: what stands in them, what a change would make of them, and taking one back. Values that
 * are `secret:name` or `${NAME}` stand here as they are written; what they stand for is never told.
 */
import { z } from 'zod'
import { CheckDraft, ChecksChange } from './checks.ts'
import { CollectorDraft } from './collectors.ts'
import { Instant, Nothing } from './common.ts'
import { defineContract } from './define.ts'
import { SettingsPatch } from './settings.ts'
import { Wall } from './walls.ts'

const ConfigProblemView = z.strictObject({
  /** Path of the file. */
  file: z.string(),
  /** 1-based; null when the problem is of the whole file. */
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  /** Such as `checks[3].every`; empty for the whole file. */
  path: z.string(),
  /** What was expected, what came, what to do. */
  message: z.string(),
})

/** What screens can change, as data. */
export const ConfigEditInput = z.discriminatedUnion('edit', [
  z.strictObject({ edit: z.literal('saveCheck'), id: z.string().nullable(), draft: CheckDraft }),
  z.strictObject({ edit: z.literal('removeCheck'), id: z.string() }),
  z.strictObject({
    edit: z.literal('setChecksEnabled'),
    ids: z.array(z.string()).min(1).max(10_000),
    enabled: z.boolean(),
  }),
  z.strictObject({
    edit: z.literal('editChecks'),
    ids: z.array(z.string()).min(1).max(10_000),
    change: ChecksChange,
  }),
  z.strictObject({ edit: z.literal('saveCollector'), id: z.string().nullable(), draft: CollectorDraft }),
  z.strictObject({ edit: z.literal('removeCollector'), id: z.string() }),
  z.strictObject({
    edit: z.literal('setCollectorsEnabled'),
    ids: z.array(z.string()).min(1).max(1000),
    enabled: z.boolean(),
  }),
  z.strictObject({ edit: z.literal('saveSettings'), patch: SettingsPatch }),
  z.strictObject({ edit: z.literal('saveWall'), name: z.string().nullable(), wall: Wall }),
  z.strictObject({ edit: z.literal('removeWall'), name: z.string() }),
  z.strictObject({ edit: z.literal('setRuleEnabled'), alert: z.string().min(1).max(200), enabled: z.boolean() }),
])
export type ConfigEditInput = z.infer<typeof ConfigEditInput>

/** One file's change as a unified diff with three lines around; secrets that stand in the file are masked. */
export const FileDifference = z.strictObject({ file: z.string(), isNew: z.boolean(), diff: z.string() })
export type FileDifference = z.infer<typeof FileDifference>

const SourceFile = z.strictObject({
  /** Path of the file. */
  file: z.string(),
  /** Relative to the configuration directory, with forward slashes: `belfry.yaml`, `conf.d/shop.yaml`. */
  name: z.string(),
  text: z.string(),
})

/** An edit made by a screen since Belfry started. */
export const ConfigEditView = z.strictObject({
  id: z.string(),
  at: Instant,
  /** Who may take it back. */
  role: z.enum(['operator', 'admin']),
  /** Such as `Change the check "Shop"`. */
  summary: z.string(),
  /** What taking it back would change now; empty when it cannot be taken back. */
  restores: z.array(FileDifference),
  /** Why it cannot be taken back; null when it can. */
  refusal: z.string().nullable(),
})
export type ConfigEditView = z.infer<typeof ConfigEditView>

const SecretView = z.strictObject({
  name: z.string(),
  /** Whether a value is stored; false for a name that the configuration asks for in vain. */
  isStored: z.boolean(),
  usedBy: z.array(z.strictObject({ file: z.string(), line: z.number().int().nullable(), path: z.string() })),
})

/** What `secret:` may be followed by. */
const SecretName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'expected letters, digits, dots, dashes and underscores, at most 100')

export const configContract = defineContract({
  calls: {
    'config.problems': {
      summary: 'What is wrong in the configuration files, and whether an earlier configuration is kept running',
      role: 'viewer',
      input: Nothing,
      output: z.strictObject({
        problems: z.array(ConfigProblemView),
        /** A change on disk is refused as a whole until it is mended; what ran before runs on. */
        isLastGoodKept: z.boolean(),
      }),
    },
    'config.source': {
      summary: 'The files of the configuration as they stand on disk',
      role: 'admin',
      input: Nothing,
      output: z.strictObject({ directory: z.string(), files: z.array(SourceFile) }),
    },
    'config.exportAll': {
      summary: 'All that configures this console: belfry.yaml, conf.d, rule files and dashboards, each as it is',
      role: 'admin',
      input: Nothing,
      output: z.strictObject({ files: z.array(z.strictObject({ name: z.string(), text: z.string() })) }),
    },
    'config.schema': {
      summary: 'JSON Schema of belfry.yaml, for editors',
      role: 'viewer',
      input: Nothing,
      output: z.json(),
    },
    'config.preview': {
      summary: 'What a change would make of the files; nothing is written',
      role: 'operator',
      input: z.strictObject({ edit: ConfigEditInput }),
      output: z.strictObject({ files: z.array(FileDifference) }),
    },
    'config.edits': {
      summary: 'Changes made by screens since the start, newest first, with what taking each back would restore',
      role: 'operator',
      input: Nothing,
      output: z.array(ConfigEditView),
    },
    'config.undo': {
      summary: 'Take back a change made by a screen; refused when what it was about has changed since',
      role: 'operator',
      /** Without an id: the newest. */
      input: z.strictObject({ id: z.string().nullable().default(null) }),
      output: z.strictObject({ id: z.string(), summary: z.string(), files: z.array(FileDifference) }),
    },
    'secrets.list': {
      summary: 'Names of secrets and where each is used, never a value',
      role: 'admin',
      input: Nothing,
      output: z.strictObject({
        secrets: z.array(SecretView),
        /** How they are kept, such as "AES-256-GCM in a file". */
        mechanism: z.string(),
        /** Why they cannot be kept safely here; null when they can. */
        trouble: z.string().nullable(),
      }),
    },
    'secrets.set': {
      summary: 'Store a secret, or replace its value; takes effect at once',
      role: 'admin',
      input: z.strictObject({ name: SecretName, value: z.string().min(1).max(65_536) }),
      output: z.strictObject({ name: z.string(), isNew: z.boolean() }),
    },
    'secrets.remove': {
      summary: 'Forget a secret; refused while the configuration uses it',
      role: 'admin',
      input: z.strictObject({ name: SecretName }),
      output: z.strictObject({ name: z.string() }),
    },
  },
  events: {
    /** The files, what is wrong with them, or the edits that can be taken back. */
    'config.changed': z.strictObject({
      problems: z.number().int(),
      isLastGoodKept: z.boolean(),
    }),
  },
})
