/** What every kind of collector of services promises; a new kind is tested here by being registered. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ServiceRefusal } from '#main/collectors/services/kind.ts'
import { serviceKinds } from '#main/collectors/services/kinds/index.ts'
import { schemaOf } from '#main/config/entry-secrets.ts'
import { CollectorKindView } from '#shared/contract/collectors.ts'
import { collect } from './collect.ts'

/** The least somebody must fill in, by option name; loopback, so that nothing leaves this machine. */
const addresses = {
  host: '127.0.0.1',
  url: 'http://127.0.0.1:9/',
  metrics: [{ name: 'x', path: '$.x' }],
  query: 'SELECT 1 AS value',
}
/** Where a kind needs something of this machine instead. */
const own: Readonly<Record<string, Record<string, string>>> = {
  docker: { endpoint: 'unix:///nowhere/docker.sock' },
  kubernetes: { kubeconfig: '/nowhere/kubeconfig' },
}

const KindSchema = z.object({
  properties: z.record(z.string(), z.looseObject({ title: z.string().optional() })),
  required: z.array(z.string()).default([]),
  additionalProperties: z.boolean(),
})

describe.each(serviceKinds.map((kind) => [kind.kind, kind] as const))('the kind %s', (name, kind) => {
  const schema = KindSchema.parse(schemaOf(kind))
  const least = {
    ...Object.fromEntries(Object.entries(addresses).filter(([option]) => schema.required.includes(option))),
    ...own[name],
  }

  it('needs nothing but an address, and what is to be read', () => {
    expect(Object.keys(addresses)).toEqual(expect.arrayContaining(schema.required))
    expect(kind.config.safeParse(least).success).toBe(true)
  })

  it('has a title for every option, and takes no other', () => {
    for (const [option, property] of Object.entries(schema.properties)) {
      expect([option, property.title]).toEqual([option, expect.any(String)])
    }
    expect(schema.additionalProperties).toBe(false)
    expect(kind.config.safeParse({ ...least, surprise: true }).success).toBe(false)
  })

  it('says in one line what is read, and draws charts that the contract knows', () => {
    expect(kind.target(kind.config.parse(least))).toMatch(/^\S[^\n]*$/)
    const { title, description, charts } = kind
    const view = { kind: name, title, description, schema: {}, defaults: {}, charts }
    expect(() => CollectorKindView.parse(view)).not.toThrow()
  })

  it('fails by name where nothing is there, and says nothing of what it did not read', async () => {
    const read = await collect(kind, least)
    expect(read.failure).toMatchObject({ outcome: 'down', reason: { message: expect.stringMatching(/^.{20,}[.?]$/) } })
    expect([read.reading.metrics, read.samples, read.bugs]).toEqual([[], 0, []])
  })

  it('ends at once when it is aborted before it begins', async () => {
    const run = new AbortController()
    run.abort(new Error('the deadline has passed'))
    const ports = {
      clock: { now: () => 0, monotonicMs: () => performance.now() },
      timeoutMs: 1000,
      mayRunPrograms: false,
    }
    const startedMs = performance.now()
    const ended = kind.run(kind.config.parse(least), { ...ports, logger: console as never }, run.signal)
    await expect(ended).rejects.toBeInstanceOf(ServiceRefusal)
    expect(performance.now() - startedMs).toBeLessThan(1000)
  })
})
