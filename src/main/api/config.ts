/** Calls about the configuration's files and its secrets: translation only. */
import type { CheckService } from '#main/checks/service.ts'
import type { CollectorService } from '#main/collectors/services/collector-service.ts'
import { exportConfig } from '#main/config/export-config.ts'
import { configJsonSchema } from '#main/config/json-schema.ts'
import type { OpenConfig } from '#main/config/open-config.ts'
import type { SecretService } from '#main/config/secret-service.ts'
import type { ConfigEditInput, FileDifference } from '#shared/contract/config.ts'
import { roleSuffices } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

interface Services {
  readonly config: OpenConfig
  readonly checks: Pick<CheckService, 'whole'>
  readonly collectors: Pick<CollectorService, 'whole'>
  readonly secrets: SecretService
  readonly kinds: Parameters<typeof configJsonSchema>[0]
}

export function configHandlers({
  config,
  checks,
  collectors,
  secrets,
  kinds,
}: Services): HandlersOf<'config' | 'secrets'> {
  /** A screen sends a mark where a secret stays as it is. */
  function whole(edit: ConfigEditInput): ConfigEditInput {
    if (edit.edit === 'saveCheck') return { ...edit, draft: checks.whole(edit.id, edit.draft) }
    if (edit.edit === 'saveCollector') return { ...edit, draft: collectors.whole(edit.id, edit.draft) }
    return edit
  }
  const masked = (files: readonly FileDifference[]) =>
    files.map(({ diff, ...rest }) => ({ ...rest, diff: config.withoutSecrets(diff) }))
  return {
    'config.problems': () => ({
      problems: config.problems().map(({ column = null, ...problem }) => ({ ...problem, column })),
      isLastGoodKept: config.isLastGoodKept(),
    }),
    async 'config.source'() {
      const sources = await config.sources()
      const files = sources.map(({ file, text }) => ({ file, name: config.nameOf(file), text }))
      return { directory: config.directory, files }
    },
    'config.exportAll': async () => ({ files: await exportConfig(config) }),
    'config.schema': () => configJsonSchema(kinds) as ReturnType<HandlersOf<'config'>['config.schema']>,
    'config.preview': async ({ edit }) => ({ files: masked(await config.preview(whole(edit))) }),
    'config.edits': () => config.edits().map((one) => ({ ...one, restores: masked(one.restores) })),
    async 'config.undo'({ id }, { caller }) {
      const [newest] = config.edits()
      const asked = id === null ? newest : config.edits().find((one) => one.id === id)
      if (asked !== undefined && !roleSuffices(caller.role, asked.role)) {
        throw new AppError(
          'forbidden',
          `Taking this back needs the role ${asked.role}; ${caller.name} has ${caller.role}.`,
        )
      }
      const done = await config.undo(id)
      return { ...done, files: masked(done.files) }
    },
    'secrets.list': () => secrets.list(),
    'secrets.set': ({ name, value }) => secrets.set(name, value),
    'secrets.remove': ({ name }) => secrets.remove(name),
  }
}
