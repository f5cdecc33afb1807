/** openapi.json, written from the route table: what is not declared there does not exist, and what is, is told. */
import { z } from 'zod'
import { Instant } from '#shared/contract/common.ts'
import { errorCodes } from '#shared/contract/errors.ts'
import type { Route } from './route.ts'

const ErrorReply = z.strictObject({
  error: z.strictObject({
    code: z.enum(errorCodes),
    message: z.string(),
    details: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  }),
})

/** The OpenAPI 3.1 document of these routes. */
export function openApiOf(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    if (route.summary === null) continue
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, route.summary) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Belfry',
      version,
      description:
        'Every call of the console is at /api/rpc with instants as epoch milliseconds; the other routes write instants as ISO 8601 and read ISO 8601, epoch or now-6h.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      schemas: { Error: jsonSchemaOf(ErrorReply, 'output', false) },
      responses: {
        Error: {
          description: 'What was expected, what came, what to do',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  }
}

function operationOf(route: Route, summary: string): object {
  const iso = route.isoInstants ?? false
  const answer = route.answer ? { schema: jsonSchemaOf(route.answer, 'output', iso) } : {}
  return {
    operationId: operationIdOf(route),
    summary,
    ...(route.access === 'public' ? { security: [] } : { security: [{ token: [] }], 'x-role': route.access }),
    parameters: [...pathParametersOf(route), ...queryParametersOf(route)],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchemaOf(route.body, 'input', iso) } },
          },
        }
      : {}),
    responses: {
      '2XX': { description: 'Done', content: { 'application/json': answer } },
      default: { $ref: '#/components/responses/Error' },
    },
  }
}

function pathParametersOf(route: Route): object[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParametersOf(route: Route): object[] {
  // An object's shape holds classic schemas only; zod types it by their core.
  const shape: Readonly<Record<string, z.ZodType>> = route.query?.shape ?? {}
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !schema.safeParse(undefined).success,
    schema: jsonSchemaOf(schema, 'input', false),
  }))
}

function operationIdOf(route: Route): string {
  return `${route.method} ${route.path}`.replaceAll(/[^a-zA-Z0-9]+/g, '_').replace(/_$/, '')
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output', isoInstants: boolean): object {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (!isoInstants || zodSchema !== Instant) return
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key)
      Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
    },
  })
  return json
}
