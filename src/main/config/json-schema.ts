/** JSON Schema of belfry.yaml, by which editors complete and complain. It follows from the schemas that read the file. */
import { z } from 'zod'
import { CheckEntry, configVersion, GroupEntry, sections } from '#shared/config/schema.ts'
import { WallEntry } from '#shared/config/wall-entry.ts'
import type { Json } from '#shared/contract/define.ts'

interface TitledKind {
  readonly kind: string
  readonly title: string
  readonly description: string
  readonly config: z.ZodType
}

type Fields = { readonly [key: string]: Json }

export function configJsonSchema(kinds: readonly TitledKind[]): Fields {
  const parts = Object.entries(sections).map(([name, schema]) => [name, schemaOf(schema)] as const)
  const { config: _groupOptions, ...groupFields } = propertiesOf(schemaOf(GroupEntry))
  const { kind: _kind, config: _options, ...entryFields } = propertiesOf(schemaOf(CheckEntry))
  const options = new Map(kinds.map((kind) => [kind.kind, withoutRequired(schemaOf(kind.config))]))
  const referTo = (name: string) => ({ $ref: `#/$defs/${name}` })
  const ofKinds = [...options.keys()].map((kind) => [kind, referTo(`options-${kind}`)] as const)
  const common = Object.keys(entryFields).map((name) => [name, referTo(`check-${name}`)] as const)
  const group = closed({ ...groupFields, config: closed(Object.fromEntries(ofKinds)) })
  const entries = kinds.map(({ kind, title, description }) => ({
    title,
    description,
    ...closed({ ...Object.fromEntries(common), kind: { const: kind }, config: referTo(`options-${kind}`) }),
    required: ['name', 'kind'],
  }))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: "Belfry's configuration",
    ...closed({
      version: { const: configVersion },
      ...Object.fromEntries(parts),
      groups: { type: 'object', additionalProperties: group },
      checks: { type: 'array', items: { oneOf: entries } },
      walls: { type: 'array', items: schemaOf(WallEntry) },
    }),
    $defs: Object.fromEntries([
      ...Object.entries(entryFields).map(([name, schema]) => [`check-${name}`, schema]),
      ...[...options].map(([kind, schema]) => [`options-${kind}`, schema]),
    ]),
  }
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

/** What an entry leaves out may come from its group. */
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
