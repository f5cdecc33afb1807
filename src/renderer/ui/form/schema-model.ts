/**
 * Turns a kind's JSON Schema (as zod writes it) into the fields a form draws. It decides what a field is, what it is
 * called, and whether it is shown at once or folded away; it knows neither React nor any kind. What it cannot draw as a
 * field becomes a `json` field, so that no option of a schema is ever out of reach.
 */
import { z } from 'zod'
import type { Json } from '#shared/contract/define.ts'

interface FieldCommon {
  /** Last part of the path; an item of a list has the list's. */
  readonly name: string
  readonly title: string
  readonly description: string | null
  readonly unit: string | null
  readonly required: boolean
  /** What an untouched field stands for; undefined where the schema gives none. */
  readonly default: Json | undefined
  /** Whether null is a value of its own, such as "never". */
  readonly nullable: boolean
  /** Shown at once; the others are folded under "More options". */
  readonly essential: boolean
  /** A heading among the folded ones. */
  readonly group: string | null
}

export interface Choice {
  readonly value: string | number
  readonly title: string
}

export interface Variant {
  readonly value: string
  readonly title: string
  readonly fields: readonly Field[]
}

export type Field = FieldCommon &
  (
    | {
        readonly type: 'text'
        readonly secret: boolean
        readonly multiline: boolean
        readonly placeholder: string | null
        readonly maxLength: number | null
        /** Begins with a value that nobody can guess. */
        readonly generated: boolean
      }
    | { readonly type: 'number'; readonly integer: boolean; readonly min: number | null; readonly max: number | null }
    | { readonly type: 'toggle' }
    | { readonly type: 'choice'; readonly choices: readonly Choice[] }
    /** `ordered`: the items are steps, whose order is the point. */
    | { readonly type: 'list'; readonly item: Field; readonly maxItems: number | null; readonly ordered: boolean }
    /** Names to values, such as headers. */
    | { readonly type: 'record'; readonly value: Field }
    | { readonly type: 'fields'; readonly fields: readonly Field[] }
    /** One of several shapes told apart by the value of `discriminator`, such as auth none, basic or bearer. */
    | { readonly type: 'variants'; readonly discriminator: string; readonly variants: readonly Variant[] }
    | { readonly type: 'json' }
  )

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** The part of JSON Schema that zod writes and this form reads; what else is there is left alone. */
interface SchemaNode {
  type?: string | string[] | undefined
  title?: string | undefined
  description?: string | undefined
  default?: Json | undefined
  enum?: (string | number | boolean | null)[] | undefined
  const?: string | number | boolean | null | undefined
  properties?: Record<string, SchemaNode> | undefined
  required?: string[] | undefined
  items?: SchemaNode | undefined
  additionalProperties?: SchemaNode | boolean | undefined
  anyOf?: SchemaNode[] | undefined
  oneOf?: SchemaNode[] | undefined
  minimum?: number | undefined
  maximum?: number | undefined
  exclusiveMinimum?: number | undefined
  exclusiveMaximum?: number | undefined
  maxLength?: number | undefined
  maxItems?: number | undefined
  unit?: string | undefined
  group?: string | undefined
  essential?: boolean | undefined
  secret?: boolean | undefined
  multiline?: boolean | undefined
  placeholder?: string | undefined
  choiceTitles?: Record<string, string> | undefined
  generated?: 'uuid' | undefined
  ordered?: boolean | undefined
}

const SchemaNode: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    default: z.json().optional(),
    enum: z.array(Scalar).optional(),
    const: Scalar.optional(),
    properties: z.record(z.string(), SchemaNode).optional(),
    required: z.array(z.string()).optional(),
    items: SchemaNode.optional(),
    additionalProperties: z.union([z.boolean(), SchemaNode]).optional(),
    anyOf: z.array(SchemaNode).optional(),
    oneOf: z.array(SchemaNode).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    exclusiveMaximum: z.number().optional(),
    maxLength: z.number().optional(),
    maxItems: z.number().optional(),
    unit: z.string().optional(),
    group: z.string().optional(),
    essential: z.boolean().optional(),
    secret: z.boolean().optional(),
    multiline: z.boolean().optional(),
    placeholder: z.string().optional(),
    choiceTitles: z.record(z.string(), z.string()).optional(),
    generated: z.literal('uuid').optional(),
    ordered: z.boolean().optional(),
  }),
)

/**
 * The fields of an object schema in its own order. A schema that is not of an object has none.
 * A field is essential when its meta says so (`essential: true` or group `essentials`) or, without a word on it, when it
 * must be filled in.
 */
export function fieldsOfSchema(schema: unknown): readonly Field[] {
  const parsed = SchemaNode.safeParse(schema)
  return parsed.success ? fieldsOfObject(parsed.data) : []
}

/** A copy in which every generated value is another: two of them must not be the same by accident. */
export function withFreshValues(fields: readonly Field[], value: { readonly [name: string]: Json }) {
  const fresh = fields.filter((field) => field.type === 'text' && field.generated)
  return { ...value, ...startingValue(fresh) }
}

/** The value a form begins with: the schema's defaults, and for what is required the empty value of its type. */
export function startingValue(fields: readonly Field[]): { [name: string]: Json } {
  const value: { [name: string]: Json } = {}
  for (const field of fields) {
    const start = startingFieldValue(field)
    if (start !== undefined) value[field.name] = start
  }
  return value
}

/** What a field, or a new item of a list, begins with; undefined: left out. */
export function startingFieldValue(field: Field): Json | undefined {
  if (field.default !== undefined) return field.default
  if (!field.required) return undefined
  switch (field.type) {
    case 'text':
      return field.generated ? crypto.randomUUID() : ''
    case 'number':
      return field.nullable ? null : undefined
    case 'toggle':
      return false
    case 'choice':
      return field.choices[0]?.value
    case 'list':
      return []
    case 'record':
      return {}
    case 'fields':
      return startingValue(field.fields)
    case 'variants': {
      const first = field.variants[0]
      return first ? variantValue(field.discriminator, first) : undefined
    }
    case 'json':
      return null
  }
}

/** A fresh value of one variant. */
export function variantValue(discriminator: string, variant: Variant): Json {
  return { [discriminator]: variant.value, ...startingValue(variant.fields) }
}

/** The field's words without a title of its own: `certificateWarnDays` reads "Certificate warn days". */
export function titleFromName(name: string): string {
  const words = name
    .replace(/(Ms|Bytes)$/, '')
    .replace(/[-_]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function fieldsOfObject(node: SchemaNode, skip: string | null = null): readonly Field[] {
  const required = new Set(node.required ?? [])
  return Object.entries(node.properties ?? {})
    .filter(([name]) => name !== skip)
    .map(([name, property]) => fieldOf(name, property, required.has(name)))
}

function fieldOf(name: string, written: SchemaNode, required: boolean): Field {
  const { node: bare, nullable } = withoutNull(written)
  const node = asOneText(bare)
  const common: FieldCommon = {
    name,
    title: node.title ?? titleFromName(name),
    description: node.description ?? null,
    unit: node.unit ?? unitFromName(name),
    required,
    default: node.default,
    nullable,
    essential: node.essential ?? (node.group === undefined ? required : isEssentials(node.group)),
    group: node.group === undefined || isEssentials(node.group) ? null : node.group,
  }
  const choices = choicesOf(node)
  if (choices !== null) return { ...common, type: 'choice', choices }
  const variants = variantsOf(node)
  if (variants !== null) return { ...common, type: 'variants', ...variants }
  switch (node.type) {
    case 'string':
      return {
        ...common,
        type: 'text',
        secret: node.secret ?? false,
        multiline: node.multiline ?? false,
        placeholder: node.placeholder ?? null,
        maxLength: node.maxLength ?? null,
        generated: node.generated !== undefined,
      }
    case 'integer':
    case 'number':
      return { ...common, type: 'number', integer: node.type === 'integer', ...limitsOf(node) }
    case 'boolean':
      return { ...common, type: 'toggle' }
    case 'array':
      return node.items
        ? {
            ...common,
            type: 'list',
            item: fieldOf(name, node.items, true),
            maxItems: node.maxItems ?? null,
            ordered: node.ordered ?? false,
          }
        : { ...common, type: 'json' }
    case 'object':
      if (node.properties) return { ...common, type: 'fields', fields: fieldsOfObject(node) }
      if (typeof node.additionalProperties === 'object')
        return { ...common, type: 'record', value: fieldOf(name, node.additionalProperties, true) }
      return { ...common, type: 'json' }
    default:
      return { ...common, type: 'json' }
  }
}

/** Safe integers are zod's way to say "an integer"; such a limit is none. */
function limitsOf(node: SchemaNode): { min: number | null; max: number | null } {
  const step = node.type === 'integer' ? 1 : 0
  const min = node.minimum ?? (node.exclusiveMinimum === undefined ? null : node.exclusiveMinimum + step)
  const max = node.maximum ?? (node.exclusiveMaximum === undefined ? null : node.exclusiveMaximum - step)
  return {
    min: min === Number.MIN_SAFE_INTEGER ? null : min,
    max: max === Number.MAX_SAFE_INTEGER ? null : max,
  }
}

function withoutNull(node: SchemaNode): { node: SchemaNode; nullable: boolean } {
  if (Array.isArray(node.type) && node.type.includes('null')) {
    const rest = node.type.filter((type) => type !== 'null')
    return { node: { ...node, type: rest.length === 1 ? rest[0] : rest }, nullable: true }
  }
  const options = node.anyOf ?? node.oneOf
  if (!options?.some((option) => option.type === 'null')) return { node, nullable: false }
  const rest = options.filter((option) => option.type !== 'null')
  const { anyOf: _, oneOf: __, ...outer } = node
  const only = rest[0]
  return { node: rest.length === 1 && only ? { ...only, ...outer } : { ...outer, anyOf: rest }, nullable: true }
}

/** "Empty, or of this pattern" is one text to type. */
function asOneText(node: SchemaNode): SchemaNode {
  const options = node.anyOf ?? node.oneOf
  const isText = options?.every((option) => option.type === 'string' && !option.enum)
  if (!options || !isText || options.every((option) => option.const !== undefined)) return node
  const { anyOf: _, oneOf: __, ...outer } = node
  return { ...outer, type: 'string' }
}

function choicesOf(node: SchemaNode): readonly Choice[] | null {
  const values = node.enum ?? constantsOf(node.anyOf ?? node.oneOf)
  if (!values) return null
  const choices = values.filter((value) => typeof value === 'string' || typeof value === 'number')
  if (choices.length === 0 || choices.length !== values.length) return null
  return choices.map((value) => ({ value, title: node.choiceTitles?.[String(value)] ?? String(value) }))
}

function constantsOf(options: readonly SchemaNode[] | undefined): SchemaNode['enum'] | null {
  if (!options || options.length === 0) return null
  const constants = options.map((option) => option.const)
  return constants.every((value) => value !== undefined) ? constants : null
}

function variantsOf(node: SchemaNode): { discriminator: string; variants: readonly Variant[] } | null {
  const options = node.oneOf ?? node.anyOf
  const first = options?.[0]
  if (!options || !first?.properties) return null
  const discriminator = Object.entries(first.properties).find(([, property]) => typeof property.const === 'string')?.[0]
  if (discriminator === undefined) return null
  const variants: Variant[] = []
  for (const option of options) {
    const value = option.properties?.[discriminator]?.const
    if (typeof value !== 'string') return null
    variants.push({ value, title: option.title ?? titleFromName(value), fields: fieldsOfObject(option, discriminator) })
  }
  return { discriminator, variants }
}

function isEssentials(group: string): boolean {
  return /^(essentials?|basics?)$/i.test(group)
}

function unitFromName(name: string): string | null {
  if (name.endsWith('Ms')) return 'ms'
  if (name.endsWith('Bytes')) return 'bytes'
  return null
}
