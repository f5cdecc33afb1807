/**
 * Secrets of an entry's options are write-only: a screen receives a mark in their place, and a draft that comes back with
 * the mark keeps what is stored. Which options are secrets the kind's schema says.
 */
import { z } from 'zod'
import type { CheckDraft } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import { keptSecret } from '#shared/contract/evidence.ts'
import { type BelfryConfig, type ConfiguredEntry, writtenOf } from './config-file.ts'
import type { ConfiguredKind, ConfiguredKinds } from './read-checks.ts'
import { isReference } from './references.ts'

type Options = CheckDraft['config']
type Json = Options[string]

/** What the drafts of checks and collectors have in common. */
interface Draft {
  readonly kind: string
  readonly config: Options
}

/** The kind's options as JSON Schema, with titles, units, groups and secret flags. */
export function schemaOf(kind: ConfiguredKind): Json {
  // z.toJSONSchema gives a JSON document; its type knows more than JSON does.
  return z.toJSONSchema(kind.config, { io: 'input', unrepresentable: 'any' }) as Json
}

/** Defaults of the options of a schema, by name. */
export function defaultsOf(schema: Json): Options {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return {}
  const properties = schema['properties']
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return {}
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) =>
      typeof property === 'object' && property !== null && !Array.isArray(property) && 'default' in property
        ? [[name, property['default'] ?? null]]
        : [],
    ),
  )
}

export function withoutSecretValues<D extends Draft>(draft: D, kind: ConfiguredKind): D {
  return { ...draft, config: markedOptions(draft.config, kind) }
}

function markedOptions(options: Options, kind: ConfiguredKind): Options {
  const names = secretNames(kind)
  return mapConfig(options, (path, value) => (isSecret(names, path, value) ? keptSecret : value))
}

/** What an entry runs with, with marks in the place of secrets that are written out. */
export function shownDraft<D extends Draft>({ draft }: ConfiguredEntry<D>, kinds: readonly ConfiguredKind[]): D {
  const kind = kinds.find((one) => one.kind === draft.kind)
  return kind === undefined ? { ...draft, config: {} } : withoutSecretValues(draft, kind)
}

/** What a group gives to its checks, with marks in the place of secrets. */
export function withoutGroupSecrets(written: Options, kinds: readonly ConfiguredKind[]): Options {
  const options = written['config']
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return written
  const masked = Object.entries(options).map(([name, config]) => {
    const kind = kinds.find((one) => one.kind === name)
    return [name, kind === undefined ? {} : markedOptions(config as Options, kind)]
  })
  return { ...written, config: Object.fromEntries(masked) }
}

/** A text of the configuration with marks in the place of the secrets that stand in it. */
export function maskedText(text: string, config: BelfryConfig, kinds: ConfiguredKinds): string {
  const secrets = new Set<string>()
  const collectFrom = (options: Options, kind: ConfiguredKind | undefined) => {
    if (kind === undefined) return
    const names = secretNames(kind)
    mapConfig(options, (path, value) => {
      if (typeof value === 'string' && isSecret(names, path, value)) secrets.add(value)
      return value
    })
  }
  const kindOf = (name: string) => kinds.checks.find((one) => one.kind === name)
  for (const check of config.checks) collectFrom(writtenOf(check).config, kindOf(check.draft.kind))
  for (const collector of config.collectors) {
    const kind = kinds.collectors.find((one) => one.kind === collector.draft.kind)
    collectFrom(writtenOf(collector).config, kind)
  }
  for (const { written } of config.groups) {
    const options = written['config']
    if (typeof options !== 'object' || options === null || Array.isArray(options)) continue
    for (const [name, one] of Object.entries(options)) collectFrom(one as Options, kindOf(name))
  }
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length)
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, keptSecret), text)
}

/** Values of secrets that are written out in the options. */
export function secretValuesOf(options: Options, kind: ConfiguredKind): string[] {
  const names = secretNames(kind)
  const found: string[] = []
  mapConfig(options, (path, value) => {
    if (typeof value === 'string' && isSecret(names, path, value)) found.push(value)
    return value
  })
  return found
}

/** Throws AppError `invalid` when a mark came for which nothing is stored. */
export function withStoredSecrets<D extends Draft>(draft: D, kind: ConfiguredKind, stored: Draft | null): D {
  const names = secretNames(kind)
  const config = mapConfig(draft.config, (path, value) => {
    if (value !== keptSecret || !names.has(path.at(-1) ?? '')) return value
    const kept = stored === null ? undefined : storedAt(stored.config, draft.config, path)
    if (typeof kept === 'string') return kept
    const message = 'expected the secret itself, for none is stored; enter it again'
    throw new AppError('invalid', `The draft keeps a secret that is not there: ${path.join('.')}.`, [
      { path: ['config', ...path].join('.'), message },
    ])
  })
  return { ...draft, config }
}

const remembered = new WeakMap<ConfiguredKind, ReadonlySet<string>>()

/** Names of the options that are secret, wherever they stand in the options. */
function secretNames(kind: ConfiguredKind): ReadonlySet<string> {
  const known = remembered.get(kind)
  if (known !== undefined) return known
  const names = new Set<string>()
  collect(schemaOf(kind), names)
  remembered.set(kind, names)
  return names
}

function collect(schema: Json, names: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return
  if (Array.isArray(schema)) {
    for (const one of schema) collect(one, names)
    return
  }
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, property] of Object.entries(value)) {
        if (
          typeof property === 'object' &&
          property !== null &&
          !Array.isArray(property) &&
          property['secret'] === true
        ) {
          names.add(name)
        }
      }
    }
    collect(value, names)
  }
}

function isSecret(names: ReadonlySet<string>, path: readonly string[], value: Json): boolean {
  if (typeof value !== 'string' || value === '' || isReference(value)) return false
  return names.has(path.at(-1) ?? '')
}

function mapConfig(config: Options, change: (path: readonly string[], value: Json) => Json): Options {
  const walk = (value: Json, path: readonly string[]): Json => {
    if (Array.isArray(value)) return value.map((one, index) => walk(one, [...path, String(index)]))
    if (typeof value !== 'object' || value === null) return change(path, value)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, [...path, key])]))
  }
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, walk(value, [key])]))
}

/**
 * What is stored for a place in the draft. An item of a list is found by its name where it has one, for items are moved
 * and removed, and a secret must not go to another item; else by its place.
 */
function storedAt(stored: unknown, draft: unknown, path: readonly string[]): unknown {
  let [kept, written] = [stored, draft]
  for (const key of path) {
    const item = memberOf(written, key)
    const name = Array.isArray(written) ? memberOf(item, 'name') : undefined
    kept =
      Array.isArray(kept) && name !== undefined
        ? kept.find((one) => memberOf(one, 'name') === name)
        : memberOf(kept, key)
    written = item
  }
  return kept
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}
