/** JSON Schema of belfry.yaml, by which editors complete and complain. It follows from the schemas that read the file. */
import { z } from 'zod'
import { CollectorEntry } from '#shared/config/collector-entry.ts'
import { CheckEntry, configVersion, GroupEntry, prometheusPath, sections } from '#shared/config/schema.ts'
import { WallEntry } from '#shared/config/wall-entry.ts'
import type { Json } from '#shared/contract/define.ts'
import type { ConfiguredKind, ConfiguredKinds } from './read-checks.ts'

export interface TitledKind extends ConfiguredKind {
  readonly title: string
  readonly description: string
}

type Fields = { readonly [key: string]: Json }

export function configJsonSchema({ checks, collectors }: ConfiguredKinds<TitledKind>): Fields {
  const parts = Object.entries(sections).map(([name, schema]) => [name, schemaOf(schema)] as const)
  const { config: _groupOptions, ...groupFields } = propertiesOf(schemaOf(GroupEntry))
  // What a check leaves out may come from its group.
  const checkList = listOf(checks, CheckEntry, { entry: 'check', options: 'options' }, withoutRequired)
  const collectorList = listOf(collectors, CollectorEntry, { entry: 'collector', options: 'collector-options' })
  const ofKinds = checks.map(({ kind }) => [kind, referTo(`options-${kind}`)] as const)
  const group = closed({ ...groupFields, config: closed(Object.fromEntries(ofKinds)) })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: "Belfry's configuration",
    ...closed({
      version: { const: configVersion },
      ...Object.fromEntries(parts),
      groups: { type: 'object', additionalProperties: group },
      checks: checkList.schema,
      collectors: collectorList.schema,
      walls: { type: 'array', items: schemaOf(WallEntry) },
      prometheus: schemaOf(prometheusPath),
    }),
    $defs: { ...checkList.definitions, ...collectorList.definitions },
  }
}

interface DefinitionNames {
  readonly entry: string
  readonly options: string
}

/** A list of entries of different kinds, and what its schema refers to. */
function listOf(
  kinds: readonly TitledKind[],
  entry: z.ZodType,
  names: DefinitionNames,
  change: (schema: Fields) => Fields = (schema) => schema,
): { readonly schema: Fields; readonly definitions: Fields } {
  const { kind: _kind, config: _options, ...fields } = propertiesOf(schemaOf(entry))
  const common = Object.fromEntries(Object.keys(fields).map((name) => [name, referTo(`${names.entry}-${name}`)]))
  const entries = kinds.map(({ kind, title, description }) => ({
    title,
    description,
    ...closed({ ...common, kind: { const: kind }, config: referTo(`${names.options}-${kind}`) }),
    required: ['name', 'kind'],
  }))
  return {
    schema: { type: 'array', items: { oneOf: entries } },
    definitions: Object.fromEntries([
      ...Object.entries(fields).map(([name, schema]) => [`${names.entry}-${name}`, schema]),
      ...kinds.map(({ kind, config }) => [`${names.options}-${kind}`, change(schemaOf(config))]),
    ]),
  }
}

function referTo(name: string): Fields {
  return { $ref: `#/$defs/${name}` }
}

function closed(properties: Fields): Fields {
  return { type: 'object', properties, additionalProperties: false }
}

function schemaOf(schema: z.ZodType): Fields {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return withReferences(rest as Json) as Fields // A document of JSON, which zod types more loosely.
}

function propertiesOf(schema: Fields): Fields {
  return (schema['properties'] ?? {}) as Fields
}

function withoutRequired({ required: _, ...rest }: Fields): Fields {
  return rest
}

const referenceText = { type: 'string', pattern: '^\\$\\{[A-Z_][A-Z0-9_]*(:-[^}]*)?\\}$' }

/** Where a number or a switch is expected, a reference to one may stand. */
function withReferences(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withReferences)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withReferences(value)]))
  const type = inner['type']
  if (type !== 'number' && type !== 'integer' && type !== 'boolean') return inner
  const { title, description, default: fallback, ...plain } = inner
  const about = Object.entries({ title, description, default: fallback }).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(about as [string, Json][]), anyOf: [plain, referenceText] }
}
