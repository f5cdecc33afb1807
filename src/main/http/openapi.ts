/** openapi.json, written from the route table: what is not declared there does not exist, and what is, is told. */
import { z } from 'zod'
import { errorCodes } from '#shared/contract/errors.ts'
import { createSchemas, type Schemas } from './json-schemas.ts'
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
  const schemas = createSchemas()
  const error = schemas.of(ErrorReply, 'output', false)
  for (const route of routes) {
    if (route.summary === null) continue
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, route.summary, schemas),
    }
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
      schemas: { ...schemas.recursive(), Error: error },
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

function operationOf(route: Route, summary: string, schemas: Schemas): object {
  const iso = route.isoInstants ?? false
  const answer = route.answer ? { schema: schemas.of(route.answer, 'output', iso) } : {}
  return {
    operationId: operationIdOf(route),
    summary,
    ...(route.access === 'public' ? { security: [] } : { security: [{ token: [] }], 'x-role': route.access }),
    parameters: [...pathParametersOf(route), ...queryParametersOf(route, schemas)],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.of(route.body, 'input', iso) } },
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

function queryParametersOf(route: Route, schemas: Schemas): object[] {
  // An object's shape holds classic schemas only; zod types it by their core.
  const shape: Readonly<Record<string, z.ZodType>> = route.query?.shape ?? {}
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !schema.safeParse(undefined).success,
    schema: schemas.of(schema, 'input', false),
  }))
}

function operationIdOf(route: Route): string {
  return `${route.method} ${route.path}`.replaceAll(/[^a-zA-Z0-9]+/g, '_').replace(/_$/, '')
}
