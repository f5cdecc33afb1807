/** Stored secrets as screens see them: names and uses, never values. What changes takes effect at once. */
import type { Secrets } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import type { OpenConfig } from './open-config.ts'
import { placeText, type SecretUse } from './read-config.ts'

export interface SecretService {
  list(): Promise<OutputOf<'secrets.list'>>
  set(name: string, value: string): Promise<{ name: string; isNew: boolean }>
  /** Rejects with AppError `not-found`, and `conflict` while the configuration uses it. */
  remove(name: string): Promise<{ name: string }>
}

export function secretService(secrets: Secrets, config: Pick<OpenConfig, 'secretUses' | 'reload'>): SecretService {
  const usesOf = (name: string) => config.secretUses().filter((use) => use.name === name)
  return {
    async list() {
      const stored = new Set(await secrets.names())
      const names = [...new Set([...stored, ...config.secretUses().map(({ name }) => name)])].sort()
      return {
        secrets: names.map((name) => ({ name, isStored: stored.has(name), usedBy: usesOf(name).map(placeOf) })),
        ...secrets.describe(),
      }
    },
    async set(name, value) {
      const isNew = !(await secrets.names()).includes(name)
      await secrets.set(name, value)
      await config.reload()
      return { name, isNew }
    },
    async remove(name) {
      if (!(await secrets.names()).includes(name)) throw new AppError('not-found', `There is no secret "${name}".`)
      await config.reload()
      const uses = usesOf(name)
      if (uses.length > 0) {
        const places = uses.slice(0, 5).map((use) => `${placeText(use.file, use.line)} (${use.path})`)
        const more = uses.length > places.length ? ` and ${uses.length - places.length} more` : ''
        const message = `The secret "${name}" is used in ${places.join(', ')}${more}: take it out there first.`
        throw new AppError('conflict', message)
      }
      await secrets.remove(name)
      await config.reload()
      return { name }
    },
  }
}

function placeOf({ file, line, path }: SecretUse) {
  return { file, line, path }
}
