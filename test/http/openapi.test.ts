/** openapi.json: a valid document that tells of every route. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contract } from '#shared/contract/index.ts'
import { type TestListener, testListener } from './listener.ts'

type Operation = Record<string, unknown> & { operationId: string; parameters: { name: string; in: string }[] }
let served: TestListener
let document: { openapi: string; info: { version: string }; paths: Record<string, Record<string, Operation>> }

beforeAll(async () => {
  served = await testListener()
  document = (await served.askAsOperator('/api/openapi.json')).json()
})
afterAll(() => served.close())

it('is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document))
  expect(result.errors ?? []).toEqual([])
  expect(result.valid).toBe(true)
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } })
})

it('holds every call of the contract, with its role', () => {
  for (const [name, spec] of Object.entries(contract.calls)) {
    expect(document.paths[`/api/rpc/${name}`]?.['post']).toMatchObject({ summary: spec.summary, 'x-role': spec.role })
  }
})

it('gives each operation an id of its own and names its parameters', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
  expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length)
  const results = document.paths['/api/monitoring/synthetic/results']?.['get']
  expect(results?.parameters.map(({ name }) => name)).toEqual([
    'check',
    'from',
    'to',
    'failures_only',
    'limit',
    'cursor',
  ])
})

it('writes instants as date-time over REST and as numbers over RPC', () => {
  const schemaOf = (path: string, method: string) => JSON.stringify(document.paths[path]?.[method]?.['responses'])
  expect(schemaOf('/api/monitoring/alerts/{id}', 'get')).toContain('"activeAt":{"type":"string","format":"date-time"}')
  expect(schemaOf('/api/rpc/alerts.get', 'post')).not.toContain('date-time')
})

it('says of the page’s own files nothing', () => {
  expect(document.paths['/']).toBeUndefined()
  expect(document.paths['/login']).toBeUndefined()
})
