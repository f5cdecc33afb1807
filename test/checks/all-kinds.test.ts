/** What every kind of check promises; a new kind is tested here by being registered. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkKinds } from '#main/checks/kinds/index.ts'
import { schemaOf } from '#main/config/entry-secrets.ts'
import { Evidence } from '#shared/contract/evidence.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { probePorts } from './probe-ports.ts'

/** The least somebody must fill in, by option name; loopback, so that nothing leaves this machine. */
const addresses: Readonly<Record<string, unknown>> = {
  url: 'http://127.0.0.1:9/',
  host: '127.0.0.1',
  port: 9,
  name: '127.0.0.1.example.test',
  steps: [{ url: 'http://127.0.0.1:9/' }],
  id: '7f4c2a1e-0a5b-4d7e-9c3f-2b1d8e6a4f50',
}

/** Where a kind's address is of a form of its own. */
const addressesOf: Readonly<Record<string, typeof addresses>> = {
  websocket: { url: 'ws://127.0.0.1:9/' },
  script: { command: ['echo', '127.0.0.1'] },
}

const KindSchema = z.object({
  properties: z.record(z.string(), z.looseObject({ title: z.string().optional() })),
  required: z.array(z.string()),
  additionalProperties: z.boolean(),
})

describe.each(checkKinds.map((kind) => [kind.kind, kind] as const))('the kind %s', (_, kind) => {
  const schema = KindSchema.parse(schemaOf(kind))
  const own = { ...addresses, ...addressesOf[kind.kind] }
  const least = Object.fromEntries(
    schema.required.map((name) => [name, addressesOf[kind.kind]?.[name] ?? addresses[name]]),
  )

  it('needs nothing but an address', () => {
    for (const name of schema.required) expect(Object.keys(own)).toContain(name)
    expect(kind.config.safeParse(least).success).toBe(true)
    for (const [name, property] of Object.entries(schema.properties)) {
      expect([name, 'default' in property || schema.required.includes(name)]).toEqual([name, true])
    }
  })

  it('has a title for every option, and takes no other', () => {
    for (const [name, property] of Object.entries(schema.properties))
      expect([name, property.title]).toEqual([name, expect.any(String)])
    expect(schema.additionalProperties).toBe(false)
    expect(kind.config.safeParse({ ...least, surprise: true }).success).toBe(false)
  })

  it('names its target in one line', () => {
    expect(kind.target(kind.config.parse(least))).toMatch(
      kind.pingId ? /^ping 7f4c2a1e…$/ : /^\S.*127\.0\.0\.1[^\n]*$|^127\.0\.0\.1[^\n]*$/,
    )
  })

  it('ends at once when it is aborted before it begins, blaming nobody falsely', async () => {
    const run = new AbortController()
    run.abort(new Error('the deadline has passed'))
    const startedMs = performance.now()
    const logger = memoryLogger()
    const outcome = await kind.run(kind.config.parse(least), probePorts({ logger }), run.signal)
    expect(performance.now() - startedMs).toBeLessThan(1000)
    expect(outcome.outcome).not.toBe('up')
    expect(() => Evidence.parse(outcome.evidence)).not.toThrow()
    expect(logger.lines).toEqual([])
  })

  it('guesses only what it then takes', () => {
    for (const text of [
      'example.com',
      'https://example.com',
      'db:5432',
      '10.0.0.1',
      'ping x',
      '',
      '::',
      'a b',
      'x'.repeat(300),
    ]) {
      const config = kind.guess?.(text) ?? null
      if (config !== null) expect([text, kind.config.safeParse(config).success]).toEqual([text, true])
    }
  })
})
