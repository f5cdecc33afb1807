/** Rules that every call and event keeps, so that all transports and openapi.json can carry it. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { coalescingKey } from '#main/transport/coalesce.ts'
import { serve } from '#main/transport/serve.ts'
import { type Caller, defineContract, type Role, roleSuffices, roles } from '#shared/contract/define.ts'
import { AppError, errorCodes, httpStatusOf } from '#shared/contract/errors.ts'
import { contract } from '#shared/contract/index.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { alertView, checkView } from '#test/support/sample-views.ts'

const calls = Object.entries(contract.calls)
const events = Object.entries(contract.events)

describe('every call', () => {
  it.each(calls)('%s is named feature.verb, says what it does, and asks for a known role', (name, spec) => {
    expect(name).toMatch(/^[a-z]+\.[a-z][a-zA-Z]*$/)
    expect(spec.summary).toMatch(/^[A-Z].{5,}[^.]$/)
    expect(roles).toContain(spec.role)
  })

  it.each(calls)('%s takes an object that refuses what it does not know', (_name, spec) => {
    const parsed = spec.input.safeParse({ 'a field nobody knows': 1 })
    expect(parsed.error?.issues.map((issue) => issue.code)).toContain('unrecognized_keys')
  })

  it.each(calls)('%s can be written as JSON Schema both ways', (_name, spec) => {
    expect(z.toJSONSchema(spec.input, { io: 'input' })).toHaveProperty('type', 'object')
    expect(() => z.toJSONSchema(spec.output, { io: 'output' })).not.toThrow()
  })
})

describe('every event', () => {
  it.each(events)('%s is named feature.pastParticiple and can be written as JSON Schema', (name, schema) => {
    expect(name).toMatch(/^[a-z]+\.[a-zA-Z]*ed$/)
    expect(() => z.toJSONSchema(schema)).not.toThrow()
  })

  it('that speaks of one thing is told by that thing', () => {
    expect(coalescingKey('checks.changed', checkView({ id: 'a' }))).toBe('checks.changed a')
    expect(coalescingKey('alerts.changed', alertView({ id: 'b' }))).toBe('alerts.changed b')
    expect(coalescingKey('metrics.advanced', { at: 1 })).toBe('metrics.advanced')
  })
})

it('every error code has a status', () => {
  expect(Object.keys(httpStatusOf).sort()).toEqual([...errorCodes].sort())
})

it.each([
  ['viewer', 'viewer', true],
  ['viewer', 'operator', false],
  ['operator', 'viewer', true],
  ['operator', 'admin', false],
  ['admin', 'operator', true],
] as const)('%s where %s is needed: %s', (held, needed, suffices) => {
  expect(roleSuffices(held, needed)).toBe(suffices)
})

describe('a contract', () => {
  const Text = z.strictObject({ text: z.string().trim() })
  const small = defineContract({
    calls: {
      'echo.say': {
        summary: 'Say it again',
        role: 'viewer',
        input: Text,
        output: z.strictObject({ text: z.string() }),
      },
      'echo.shout': { summary: 'Say it loudly', role: 'operator', input: Text, output: z.string() },
    },
    events: {},
  })
  const logger = memoryLogger()
  const callAs = (role: Role): Caller => ({ role, name: 'test' })
  const idle = new AbortController().signal

  it('does not compile with what JSON cannot carry, nor with a handler missing', () => {
    const call = { summary: 'x', role: 'viewer', input: z.strictObject({}) } as const
    // @ts-expect-error a Date does not survive JSON
    defineContract({ calls: { 'a.b': { ...call, output: z.date() } }, events: {} })
    // @ts-expect-error undefined does not survive JSON
    defineContract({ calls: { 'a.b': { ...call, output: z.undefined() } }, events: {} })
    // @ts-expect-error a Map does not survive JSON
    defineContract({ calls: { 'a.b': { ...call, output: z.map(z.string(), z.string()) } }, events: {} })
    // @ts-expect-error echo.shout is missing
    expect(serve(small, { 'echo.say': (input) => input }, logger)).toBeTypeOf('function')
  })

  it('is served with parsed input, and with output that keeps its word', async () => {
    const served = serve(small, { 'echo.say': ({ text }) => ({ text }), 'echo.shout': () => 7 as never }, logger)
    expect(await served('echo.say', { text: ' hi ' }, callAs('viewer'), idle)).toEqual({
      ok: true,
      value: { text: 'hi' },
    })
    expect(await served('echo.shout', { text: 'hi' }, callAs('viewer'), idle)).toMatchObject({ code: 'forbidden' })
    expect(await served('echo.shout', { text: 'hi' }, callAs('operator'), idle)).toMatchObject({ code: 'internal' })
  })

  it('tells a call that was given up as closed, unless its handler says more', async () => {
    const given = new AbortController()
    given.abort()
    const stop = (error: Error) =>
      serve(small, { 'echo.say': () => Promise.reject(error), 'echo.shout': () => '' }, logger)
    const before = logger.lines.length
    expect(await stop(new Error('aborted'))('echo.say', { text: '' }, callAs('viewer'), given.signal)).toMatchObject({
      code: 'closed',
    })
    const conflict = new AppError('conflict', 'It changed.')
    expect(await stop(conflict)('echo.say', { text: '' }, callAs('viewer'), given.signal)).toMatchObject({
      code: 'conflict',
    })
    expect(logger.lines).toHaveLength(before)
  })
})
