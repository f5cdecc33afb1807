import { promises } from 'node:dns'
import { afterEach, describe, expect, it } from 'vitest'
import { readAnswer } from '#main/checks/dns-probe/message.ts'
import { probeDns } from '#main/checks/dns-probe/probe.ts'
import type { ProbePorts } from '#main/checks/kind.ts'
import { dns } from '#main/checks/kinds/dns.ts'
import { ProtocolError } from '#main/checks/network/failure.ts'
import { type Asked, dnsServer, name, number, reply, type Told, v4 } from './dns-server.ts'
import { probe } from './probe.ts'
import { rawServer } from './raw-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function serving(answer: (asked: Asked) => readonly Buffer[]) {
  const server = await dnsServer(answer)
  ends.push(server.close)
  return { ...server, resolver: `127.0.0.1:${server.port}` }
}

const telling = (...answers: readonly Told[]) => serving((asked) => [reply(asked, answers)])

const text = (value: string) => Buffer.concat([number(value.length, 1), Buffer.from(value)])
const records: readonly (readonly [string, number, Buffer, string])[] = [
  ['A', 1, Buffer.from([192, 0, 2, 1]), '192.0.2.1'],
  ['AAAA', 28, Buffer.from('20010db8000000000000000000000001', 'hex'), '2001:db8::1'],
  ['CNAME', 5, name('www.example.net'), 'www.example.net'],
  ['NS', 2, name('ns1.example.net'), 'ns1.example.net'],
  ['PTR', 12, name('host.example.net'), 'host.example.net'],
  ['MX', 15, Buffer.concat([number(10, 2), name('mail.example.net')]), '10 mail.example.net'],
  ['TXT', 16, Buffer.concat([text('v=spf1 '), text('-all')]), 'v=spf1 -all'],
  [
    'SOA',
    6,
    Buffer.concat([name('ns1.example.net'), name('admin.example.net'), ...[2026, 2, 3, 4, 5].map((n) => number(n, 4))]),
    'ns1.example.net admin.example.net 2026 2 3 4 5',
  ],
  [
    'SRV',
    33,
    Buffer.concat([number(1, 2), number(2, 2), number(5060, 2), name('sip.example.net')]),
    '1 2 5060 sip.example.net',
  ],
  ['CAA', 257, Buffer.concat([number(0, 1), text('issue'), Buffer.from('ca.example.net')]), '0 issue "ca.example.net"'],
]

describe('a DNS check', () => {
  it.each(records)('reads %s records', async (type, number_, data, value) => {
    const { resolver, asked } = await telling({ type: number_, data })
    const probed = await probe(dns, { name: 'example.com', type, resolver, mode: 'exactly', expected: [value] })
    expect(probed.result).toMatchObject({ outcome: 'up', reason: { code: 'ok' } })
    expect(asked).toMatchObject([{ name: 'example.com', type: number_, transport: 'udp' }])
    expect(probed.evidence.facts).toEqual([
      {
        title: 'Answer',
        note: expect.stringMatching(/^NOERROR, \d+ bytes over UDP, authoritative$/),
        rows: [{ name: `example.com ${type}, 300 s`, value }],
      },
    ])
    expect(probed.sample('probe_dns_answer_rrs')).toBe(1)
    expect(probed.sample('probe_dns_query_succeeded')).toBe(1)
    expect(probed.sample('probe_dns_serial')).toBe(type === 'SOA' ? 2026 : undefined)
  })

  it('is understood as the system’s own reader understands the same server', async () => {
    const { port } = await telling(v4('192.0.2.7'), v4('192.0.2.8'))
    const reference = new promises.Resolver()
    reference.setServers([`127.0.0.1:${port}`])
    const { result } = await probe(dns, {
      name: 'example.com',
      resolver: `127.0.0.1:${port}`,
      mode: 'exactly',
      expected: await reference.resolve4('example.com'),
    })
    expect(result.outcome).toBe('up')
  })

  it.each([
    ['anyOf', ['192.0.2.1', '192.0.2.9'], 'up'],
    ['anyOf', ['192.0.2.9'], 'down'],
    ['allOf', ['192.0.2.1'], 'up'],
    ['allOf', ['192.0.2.1', '192.0.2.9'], 'down'],
    ['exactly', ['192.0.2.2', '192.0.2.1'], 'up'],
    ['exactly', ['192.0.2.1'], 'down'],
    ['matches', ['^192\\.0\\.2\\.\\d$'], 'up'],
    ['matches', ['1$'], 'down'],
  ])('expecting %s %j is %s', async (mode, expected, outcome) => {
    const { resolver } = await telling(v4('192.0.2.1'), v4('192.0.2.2'))
    const { result, evidence } = await probe(dns, { name: 'example.com', resolver, mode, expected })
    expect([result.outcome, result.reason.code]).toEqual([outcome, outcome === 'up' ? 'ok' : 'dns-mismatch'])
    expect(result.reason.message).toContain('192.0.2.1, 192.0.2.2')
    expect(evidence.assertions?.map(({ passed }) => passed)).toEqual([true, outcome === 'up'])
  })

  it('compares names without case and last dot, and addresses in any spelling', async () => {
    const cname = await telling({ type: 5, data: name('WWW.Example.net') })
    const config = { name: 'example.com', mode: 'exactly' }
    const one = { ...config, type: 'CNAME', resolver: cname.resolver, expected: ['www.example.NET.'] }
    expect((await probe(dns, one)).result.outcome).toBe('up')
    const six = await telling({ type: 28, data: Buffer.from('20010db8000000000000000000000001', 'hex') })
    const other = { ...config, type: 'AAAA', resolver: six.resolver, expected: ['2001:DB8:0:0::0001'] }
    expect((await probe(dns, other)).result.outcome).toBe('up')
  })

  it('looks an address up backwards', async () => {
    const { resolver, asked } = await telling({ type: 12, data: name('host.example.net') })
    await probe(dns, { name: '192.0.2.7', type: 'PTR', resolver })
    await probe(dns, { name: '2001:db8::7', type: 'PTR', resolver })
    await probe(dns, { name: 'fe80::7%eth0', type: 'PTR', resolver, expected: ['fe80::7%eth0'] })
    expect(asked.slice(0, 2).map((one) => one.name)).toEqual([
      '7.2.0.192.in-addr.arpa',
      '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    ])
  })

  it('asks again over TCP for what is too long for a datagram', async () => {
    const { resolver, asked } = await serving((one) =>
      one.transport === 'udp' ? [reply(one, [], 0, 0x8780)] : [reply(one, [v4('192.0.2.1')])],
    )
    const { result, evidence } = await probe(dns, { name: 'example.com', resolver, expected: ['192.0.2.1'] })
    expect(result.outcome).toBe('up')
    expect(asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
    expect(result.phases.map((phase) => phase.name)).toEqual(['resolve', 'answer', 'resolve', 'connect', 'answer'])
    expect(evidence.facts?.[0]?.note).toContain('over TCP')
  })

  it('speaks TCP from the beginning when told to', async () => {
    const { resolver, asked } = await telling(v4('192.0.2.1'))
    expect((await probe(dns, { name: 'example.com', resolver, transport: 'tcp' })).result.outcome).toBe('up')
    expect(asked.map(({ transport }) => transport)).toEqual(['tcp'])
  })

  it.each([
    [3, 'NOERROR', 'down', 'dns-nxdomain'],
    [2, 'NOERROR', 'down', 'dns-servfail'],
    [5, 'NOERROR', 'down', 'dns-refused'],
    [9, 'NOERROR', 'down', 'dns-rcode9'],
    [3, 'NXDOMAIN', 'up', 'ok'],
    [0, 'NXDOMAIN', 'down', 'dns-noerror'],
    [0, 'NOERROR', 'down', 'dns-no-records'],
  ])('answered with code %i and expecting %s is %s, %s', async (code, expectedCode, outcome, reason) => {
    const { resolver } = await serving((asked) => [reply(asked, [], code)])
    const { result } = await probe(dns, { name: 'example.com', resolver, expectedCode })
    expect([result.outcome, result.reason.code]).toEqual([outcome, reason])
  })

  it('has no record of a type when only an alias came', async () => {
    const { resolver } = await telling({ type: 5, data: name('gone.example.net') })
    const { result, evidence } = await probe(dns, { name: 'example.com', resolver })
    expect(result.reason.code).toBe('dns-no-records')
    expect(evidence.facts?.[0]?.rows[0]?.value).toBe('gone.example.net')
  })

  it('blames the server it was told to ask, and not the name when the machine’s own is silent', async () => {
    const { resolver } = await serving(() => [])
    const named = await probe(dns, { name: 'example.com', resolver }, 200)
    expect([named.result.outcome, named.result.reason.code]).toEqual(['down', 'timeout'])
    const ownIs = (...servers: string[]) => ({
      ...dns,
      run: (config: never, ports: ProbePorts, signal: AbortSignal) => probeDns(config, ports, signal, () => servers),
    })
    const own = await probe(ownIs(resolver), { name: 'example.com' }, 200)
    expect([own.result.outcome, own.result.reason.code]).toEqual(['unknown', 'dns-unavailable'])
    expect(own.samples).toEqual([])
    const refusing = await serving((asked) => [reply(asked, [], 5)])
    expect((await probe(ownIs(refusing.resolver), { name: 'example.com' })).result.outcome).toBe('unknown')
    const missing = await serving((asked) => [reply(asked, [], 3)])
    expect((await probe(ownIs(missing.resolver), { name: 'example.com' })).result.outcome).toBe('down')
    const fine = await telling(v4('192.0.2.1'))
    const answered = await probe(ownIs('what is this', fine.resolver), { name: 'example.com' })
    expect(answered.result.outcome).toBe('up')
    expect(answered.evidence.remoteAddress).toBeUndefined()
    expect(answered.evidence.facts?.[0]?.note).toContain(`own resolver at ${fine.resolver}`)
    expect((await probe(ownIs(), { name: 'example.com' })).result.reason.code).toBe('no-resolver')
  })

  it('tells a server that is not there', async () => {
    const server = await dnsServer(() => [])
    await server.close()
    for (const transport of ['udp', 'tcp']) {
      const { result } = await probe(
        dns,
        { name: 'example.com', resolver: `127.0.0.1:${server.port}`, transport },
        1000,
      )
      expect([transport, result.outcome, result.reason.code]).toEqual([transport, 'down', 'connection-refused'])
    }
  })

  it('passes over answers to other questions, and takes the right one after them', async () => {
    const strange = (asked: Asked) => reply({ ...asked, id: asked.id ^ 1 }, [v4('203.0.113.66')])
    const other = (asked: Asked) =>
      reply({ ...asked, question: Buffer.concat([name('evil.test'), number(1, 2), number(1, 2)]) }, [])
    const own = (asked: Asked) => Buffer.from(reply(asked, [], 0, 0x0100))
    const mixed = await serving((asked) => [
      strange(asked),
      other(asked),
      own(asked),
      Buffer.from('x'),
      reply(asked, [v4('192.0.2.1')]),
    ])
    const { result } = await probe(dns, { name: 'example.com', resolver: mixed.resolver, expected: ['192.0.2.1'] })
    expect(result.outcome).toBe('up')
    const forger = await serving((asked) => [strange(asked), strange(asked)])
    for (const transport of ['udp', 'tcp']) {
      const forged = await probe(dns, { name: 'example.com', resolver: forger.resolver, transport }, 300)
      expect([transport, forged.result.reason.code]).toEqual([transport, 'dns-wrong-answer'])
    }
  })

  const broken: readonly (readonly [string, (asked: Asked) => Buffer])[] = [
    ['ends too early', (asked) => reply(asked, [v4('192.0.2.1')]).subarray(0, -2)],
    [
      'counts more than it has',
      (asked) => {
        const said = reply(asked, [])
        said.writeUInt16BE(65_535, 6)
        return said
      },
    ],
    [
      'has names that lead to themselves',
      (asked) => reply(asked, [{ ...v4('192.0.2.1'), name: Buffer.from([0xc0, 12 + asked.question.length]) }]),
    ],
    ['has names that lead forward', (asked) => reply(asked, [{ ...v4('192.0.2.1'), name: Buffer.from([0xc0, 255]) }])],
    [
      'has a name without end',
      (asked) =>
        reply(asked, [{ type: 5, data: Buffer.concat(Array.from({ length: 9 }, () => text('x'.repeat(60)))) }]),
    ],
    ['has an address of three bytes', (asked) => reply(asked, [{ type: 1, data: Buffer.from([1, 2, 3]) }])],
    ['has a text longer than its record', (asked) => reply(asked, [{ type: 16, data: Buffer.from([200, 65]) }])],
    ['has a label of an unknown form', (asked) => reply(asked, [{ ...v4('192.0.2.1'), name: Buffer.from([0x80]) }])],
  ]
  it.each(broken)('survives an answer that %s', async (_, answer) => {
    const { resolver } = await serving((asked) => [answer(asked)])
    for (const transport of ['udp', 'tcp']) {
      const { result, bugs } = await probe(dns, { name: 'example.com', type: 'A', resolver, transport }, 1000)
      expect([transport, result.outcome, result.reason.code, bugs]).toEqual([transport, 'down', 'protocol-error', []])
    }
  })

  it('reads any bytes without a crash or a hang', () => {
    let seed = 7
    const random = (below: number) => {
      seed = Math.imul(seed, 1_103_515_245) + 12_345
      return (seed >>> 8) % below
    }
    const whole = reply(
      {
        id: 1,
        name: 'a',
        type: 6,
        question: Buffer.concat([name('a.b'), number(6, 2), number(1, 2)]),
        transport: 'udp',
      },
      records.map(([, type, data]) => ({ type, data })),
    )
    let understood = 0
    for (let round = 0; round < 5000; round++) {
      const bytes = Buffer.from(whole)
      for (let flips = random(6); flips >= 0; flips--) bytes[random(bytes.length)] = random(256)
      try {
        readAnswer(bytes.subarray(0, random(8) === 0 ? random(bytes.length) : bytes.length))
        understood++
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error
      }
    }
    expect(understood).toBeGreaterThan(100)
    expect(understood).toBeLessThan(4900)
  })

  it.each([
    ['says nothing', () => {}, 'timeout'],
    ['drips', (socket) => void socket.write('\0'), 'timeout'],
    ['speaks HTTP', (socket) => void socket.write('HTTP/1.1 400 Bad\r\n\r\n'), 'timeout'],
    ['ends', (socket) => void socket.end(), 'reset'],
    ['resets', (socket) => void socket.resetAndDestroy(), 'reset'],
  ] as readonly [string, Parameters<typeof rawServer>[0], string][])(
    'over TCP meets a server that %s',
    async (_, speak, code) => {
      const server = await rawServer((socket) => socket.once('data', () => speak(socket, '')), { greet: true })
      ends.push(server.close)
      const config = { name: 'example.com', resolver: `127.0.0.1:${server.port}`, transport: 'tcp' }
      const { result, bugs } = await probe(dns, config, 300)
      expect([result.outcome, result.reason.code, bugs]).toEqual(['down', code, []])
    },
  )

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'a..b' }, 'name'],
    [{ name: `${'x'.repeat(64)}.com` }, 'name'],
    [{ name: 'two words' }, 'name'],
    [{ name: `${'abcdefg.'.repeat(40)}com` }, 'name'],
    [{ name: 'example.com', resolver: 'http://x' }, 'resolver'],
    [{ name: 'example.com', resolver: '1.2.3' }, 'resolver'],
    [{ name: 'example.com', type: 'ANY' }, 'type'],
    [{ name: 'example.com', mode: 'matches', expected: ['('] }, 'expected'],
  ])('refuses %j', (config, path) => {
    expect(dns.config.safeParse(config).error?.issues[0]?.path[0]).toBe(path)
  })

  it.each(['.', '_dmarc.example.com', '*.example.com', 'münchen.example', 'example.com.'])(
    'takes the name %s',
    (one) => {
      expect(dns.config.safeParse({ name: one }).success).toBe(true)
    },
  )
})
