/**
 * JSON Schemas of one OpenAPI document. zod puts what refers to itself (any JSON) under the schema's own `$defs`, which
 * a schema inside a larger document cannot reach; here it goes to the document's components, each kind once.
 */
import { z } from 'zod'
import { Instant } from '#shared/contract/common.ts'

export interface Schemas {
  /** `isoInstants`: instants are date-times instead of epoch milliseconds. */
  of(schema: z.ZodType, io: 'input' | 'output', isoInstants: boolean): object
  /** What the schemas made so far refer to under `#/components/schemas/`. */
  recursive(): Readonly<Record<string, object>>
}

export function createSchemas(): Schemas {
  /** By their text with the reference to themselves taken out. */
  const names = new Map<string, string>()
  const components: Record<string, object> = {}

  /** The name under which a recursive part is kept. */
  function hoist(key: string, part: unknown): string {
    const text = JSON.stringify(part)
    const anonymous = text.replaceAll(reference(key), '')
    if (anonymous.includes('"#/$defs/')) throw new Error(`expected a schema that refers to itself only, got ${text}`)
    const name = names.get(anonymous) ?? `Recursive${names.size + 1}`
    names.set(anonymous, name)
    components[name] = JSON.parse(text.replaceAll(reference(key), component(name)))
    return name
  }

  return {
    of(schema, io, isoInstants) {
      const {
        $schema,
        $defs = {},
        ...json
      } = z.toJSONSchema(schema, {
        io,
        unrepresentable: 'any',
        override({ zodSchema, jsonSchema }) {
          if (!isoInstants || zodSchema !== Instant) return
          for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key)
          Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
        },
      })
      let text = JSON.stringify(json)
      for (const [key, part] of Object.entries($defs))
        text = text.replaceAll(reference(key), component(hoist(key, part)))
      return JSON.parse(text)
    },
    recursive: () => components,
  }
}

const reference = (key: string) => `"#/$defs/${key}"`
const component = (name: string) => `"#/components/schemas/${name}"`
