import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkKinds } from '#main/checks/kinds/index.ts'
import {
  type Field,
  fieldsOfSchema,
  startingValue,
  titleFromName,
  withFreshValues,
} from '../../../src/renderer/ui/form/schema-model.ts'

const schema = z.strictObject({
  url: z.url().meta({ title: 'URL', placeholder: 'https://example.com' }),
  method: z.enum(['GET', 'POST']).default('GET').meta({ group: 'Request' }),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().max(1000).default('').meta({ multiline: true }),
  auth: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('none') }),
      z.strictObject({ type: z.literal('basic'), user: z.string(), password: z.string().meta({ secret: true }) }),
    ])
    .default({ type: 'none' }),
  timeoutMs: z.number().int().min(100).max(5000).default(1000),
  slowMs: z.number().nullable().default(null).meta({ essential: true }),
  assertions: z
    .array(z.strictObject({ path: z.string(), operator: z.enum(['equals', 'exists']) }))
    .max(20)
    .default([]),
  status: z.array(z.string()).default(['200-299']),
  tls: z.strictObject({ verify: z.boolean().default(true) }).prefault({}),
  anything: z.json().default(null),
})
const fields = fieldsOfSchema(z.toJSONSchema(schema, { io: 'input' }))
const named = (name: string): Field => {
  const field = fields.find((candidate) => candidate.name === name)
  if (!field) throw new Error(`no field ${name}`)
  return field
}

describe('fieldsOfSchema', () => {
  it('draws one field per property, in the order of the schema', () => {
    expect(fields.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'url:text',
      'method:choice',
      'headers:record',
      'body:text',
      'auth:variants',
      'timeoutMs:number',
      'slowMs:number',
      'assertions:list',
      'status:list',
      'tls:fields',
      'anything:json',
    ])
  })

  it('shows at once what must be filled in or is marked, and folds the rest', () => {
    expect(fields.filter(({ essential }) => essential).map(({ name }) => name)).toEqual(['url', 'slowMs'])
    expect(named('method').group).toBe('Request')
  })

  it('takes unit and limits from the schema, the unit also from the name', () => {
    expect(named('timeoutMs')).toMatchObject({ unit: 'ms', integer: true, min: 100, max: 5000, default: 1000 })
  })

  it('knows null as a value of its own', () => {
    expect(named('slowMs')).toMatchObject({ type: 'number', nullable: true, default: null })
  })

  it('tells variants apart by the property that is constant, and keeps secrets marked', () => {
    const auth = named('auth')
    if (auth.type !== 'variants') throw new Error(`expected variants, got ${auth.type}`)
    expect(auth.discriminator).toBe('type')
    expect(auth.variants.map(({ value, title }) => [value, title])).toEqual([
      ['none', 'None'],
      ['basic', 'Basic'],
    ])
    expect(auth.variants[1]?.fields).toMatchObject([{ name: 'user' }, { name: 'password', secret: true }])
  })

  it('has no fields for what is not the schema of an object', () => {
    for (const odd of [null, 7, 'text', [], { type: 'string' }, { properties: 3 }])
      expect(fieldsOfSchema(odd)).toEqual([])
  })

  it('does not take the limits of safe integers for limits', () => {
    const [field] = fieldsOfSchema(z.toJSONSchema(z.strictObject({ count: z.number().int() })))
    expect(field).toMatchObject({ type: 'number', integer: true, min: null, max: null })
  })

  it('keeps the type of a union of constants as choices', () => {
    const [field] = fieldsOfSchema(z.toJSONSchema(z.strictObject({ port: z.union([z.literal(80), z.literal(443)]) })))
    expect(field).toMatchObject({ type: 'choice', choices: [{ value: 80, title: '80' }, { value: 443 }] })
  })
})

describe('the kinds of checks', () => {
  it.each(checkKinds.map((kind) => [kind.kind, kind] as const))(
    '%s: every option has a field of its own',
    (_, kind) => {
      const drawn = flat(fieldsOfSchema(z.toJSONSchema(kind.config, { io: 'input' })))
      expect(drawn.length).toBeGreaterThan(0)
      expect(drawn.filter(({ type }) => type === 'json').map(({ name }) => name)).toEqual([])
      expect(drawn.some(({ essential }) => essential)).toBe(true)
    },
  )
})

function flat(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap((field) => {
    switch (field.type) {
      case 'fields':
        return [field, ...flat(field.fields)]
      case 'list':
        return [field, ...flat([field.item])]
      case 'record':
        return [field, ...flat([field.value])]
      case 'variants':
        return [field, ...field.variants.flatMap((variant) => flat(variant.fields))]
      default:
        return [field]
    }
  })
}

describe('startingValue', () => {
  it('is accepted by the schema once what is required is filled in', () => {
    const start = startingValue(fields)
    expect(start).toMatchObject({ url: '', method: 'GET', auth: { type: 'none' }, slowMs: null, status: ['200-299'] })
    expect(schema.parse({ ...start, url: 'https://example.com' })).toMatchObject({ tls: { verify: true } })
  })
})

describe('a generated value', () => {
  const generated = fieldsOfSchema(
    z.toJSONSchema(z.strictObject({ id: z.string().meta({ generated: 'uuid' }), host: z.string() })),
  )

  it('is another one in every new value and in every copy', () => {
    const [one, other] = [startingValue(generated), startingValue(generated)]
    expect(one['id']).not.toBe(other['id'])
    const copy = withFreshValues(generated, { id: String(one['id']), host: 'kept' })
    expect(copy).toMatchObject({ host: 'kept' })
    expect(copy).not.toMatchObject({ id: one['id'] })
  })
})

describe('titleFromName', () => {
  it.each([
    ['timeoutMs', 'Timeout'],
    ['certificateWarnDays', 'Certificate warn days'],
    ['follow_redirects', 'Follow redirects'],
    ['maxBodyBytes', 'Max body'],
  ])('reads %s as "%s"', (name, title) => expect(titleFromName(name)).toBe(title))
})
