import { createServer as createTcpServer, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { tls } from '#main/checks/kinds/tls.ts'
import { type Certificates, makeCertificates, opensslIsThere } from './certificates.ts'
import { probe } from './probe.ts'
import { pour, type RawServer, rawServer } from './raw-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function speaking(speak: (socket: Socket) => void): Promise<RawServer> {
  const server = await rawServer(speak, { greet: true })
  ends.push(server.close)
  return server
}

async function secure(options: TlsOptions): Promise<number> {
  const server = createTlsServer(options, (socket) => socket.on('error', () => socket.destroy()))
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  return (server.address() as { port: number }).port
}

describe.skipIf(!opensslIsThere())('a TLS check (needs the package openssl)', () => {
  let certificates: Certificates
  beforeAll(() => {
    certificates = makeCertificates()
  })
  const least = () => ({ host: 'localhost', ipVersion: '4', authorities: certificates.root })

  it('tells chain, protocol and days left', async () => {
    const { deep, intermediate } = certificates
    const port = await secure({ key: deep.key, cert: deep.cert + intermediate })
    const probed = await probe(tls, { ...least(), port })
    expect(probed.result).toMatchObject({ outcome: 'up', reason: { code: 'ok' } })
    expect(probed.result.reason.message).toMatch(/^TLS 1\.3; the certificate is valid for \d\d days\.$/)
    expect(probed.result.phases.map(({ name }) => name)).toEqual(['resolve', 'connect', 'tls'])
    const [own, middle] = probed.evidence.tls?.certificates ?? []
    expect(own).toMatchObject({ subject: 'CN=deep.test', issuer: 'CN=Belfry Test Intermediate' })
    expect(own?.names).toEqual(['localhost', '127.0.0.1'])
    expect(middle).toMatchObject({ subject: 'CN=Belfry Test Intermediate', issuer: 'CN=Belfry Test Root' })
    const expiry = probed.sample('probe_ssl_earliest_cert_expiry')
    expect(expiry).toBeGreaterThan(probed.result.at / 1000)
    expect(probed.sample('probe_ssl_last_chain_expiry_timestamp_seconds')).toBe(expiry)
    expect(probed.samples).toContainEqual({ name: 'probe_tls_version_info', labels: { version: 'TLS 1.3' }, value: 1 })
    expect(probed.bugs).toEqual([])
  })

  it.each([
    ['expired', 'tls-expired', /^The certificate of localhost expired on \d{4}-/],
    ['notYetValid', 'tls-not-yet-valid', /is valid only from \d{4}-/],
    ['wrongHost', 'tls-wrong-host', /is not for localhost but for elsewhere\.test/],
    ['selfSigned', 'tls-self-signed', /signed by itself/],
    ['deep', 'tls-incomplete-chain', /does not send the certificate of its issuer "CN=Belfry Test Intermediate"/],
  ] as const)('finds a certificate that is %s down with %s', async (which, code, sentence) => {
    const port = await secure(certificates[which])
    const { result, evidence, sample } = await probe(tls, { ...least(), port })
    expect([result.outcome, result.reason.code]).toEqual(['down', code])
    expect(result.reason.message).toMatch(sentence)
    expect(evidence.tls?.problem).toBe(result.reason.message)
    expect(evidence.tls?.certificates.length).toBeGreaterThan(0)
    expect(sample('probe_ssl_earliest_cert_expiry')).toBeGreaterThan(0)
    expect(sample('probe_ssl_last_chain_expiry_timestamp_seconds')).toBeUndefined()
  })

  it('finds an authority nobody trusts', async () => {
    const { deep, intermediate, root } = certificates
    const port = await secure({ key: deep.key, cert: deep.cert + intermediate + root })
    const { result } = await probe(tls, { ...least(), authorities: '', port })
    expect(result.reason.code).toBe('tls-untrusted-authority')
  })

  it.each([
    [{ warnDays: 30, failDays: 7 }, 'up', 'ok'],
    [{ warnDays: 90, failDays: 7 }, 'degraded', 'certificate-expiring'],
    [{ warnDays: 90, failDays: 80 }, 'down', 'certificate-expiring'],
    [{ warnDays: null, failDays: null }, 'up', 'ok'],
  ])('judges sixty days under %j as %s', async (limits, outcome, code) => {
    const port = await secure(certificates.good)
    const { result } = await probe(tls, { ...least(), port, ...limits })
    expect([result.outcome, result.reason.code]).toEqual([outcome, code])
  })

  it('says that a certificate has expired also where nothing is verified', async () => {
    const port = await secure(certificates.expired)
    const { result } = await probe(tls, { ...least(), port, verifyTls: false })
    expect([result.outcome, result.reason.code]).toEqual(['down', 'tls-expired'])
    const own = await secure(certificates.selfSigned)
    expect((await probe(tls, { ...least(), port: own, verifyTls: false })).result.outcome).toBe('up')
  })

  it('tells a weak protocol as one', async () => {
    const weak = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const
    const port = await secure({ ...certificates.good, ...weak })
    const old = await probe(tls, { ...least(), port })
    expect(old.result).toMatchObject({ outcome: 'down', reason: { code: 'tls-weak-protocol' } })
    expect(old.result.reason.message).toContain('agreed on TLS 1.1; expected TLS 1.2 or newer')
    expect((await probe(tls, { ...least(), port, minVersion: 'TLSv1.1' })).result.outcome).toBe('up')
    const today = await secure({ ...certificates.good, maxVersion: 'TLSv1.2' })
    const strict = await probe(tls, { ...least(), port: today, minVersion: 'TLSv1.3' })
    expect(strict.result.reason.code).toBe('tls-weak-protocol')
  })

  it('verifies another name than the host’s when told to', async () => {
    const port = await secure(certificates.wrongHost)
    expect((await probe(tls, { ...least(), port, serverName: 'elsewhere.test' })).result.outcome).toBe('up')
  })

  const ldapYes = Buffer.from([0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0])
  it.each([
    ['smtp', '220-mail\r\n220 ready\r\n', ['EHLO ', '250-mail\r\n250 STARTTLS\r\n', 'STARTTLS', '220 go\r\n']],
    ['imap', '* OK ready\r\n', ['a STARTTLS', '* CAPABILITY X\r\na OK begin\r\n']],
    ['pop3', '+OK ready\r\n', ['STLS', '+OK begin\r\n']],
    ['postgres', null, ['\u0004\u00d2\u0016\u002f', 'S']],
    ['ldap', null, ['1.3.6.1.4.1.1466.20037', ldapYes]],
  ] as const)('begins TLS as %s does', async (startTls, greeting, turns) => {
    const port = await plainFirst(greeting, turns, certificates.good)
    const { result, evidence } = await probe(tls, { ...least(), port, startTls })
    expect([result.outcome, result.reason.message]).toEqual(['up', expect.stringContaining('TLS 1.3')])
    expect(result.phases.map(({ name }) => name)).toEqual(['resolve', 'connect', 'starttls', 'tls'])
    expect(evidence.tls?.certificates[0]?.subject).toBe('CN=good.test')
  })

  it.each([
    ['smtp', '554 go away\r\n', 'starttls-refused'],
    ['imap', '* BYE\r\n', 'starttls-refused'],
    ['pop3', '-ERR\r\n', 'starttls-refused'],
    ['postgres', 'N', 'starttls-refused'],
    ['postgres', 'E', 'protocol-error'],
    ['postgres', 'S and more', 'protocol-error'],
    ['smtp', 'SSH-2.0-OpenSSH\r\n', 'protocol-error'],
    ['smtp', 'x'.repeat(10_000), 'protocol-error'],
    ['ldap', Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]), 'protocol-error'],
    ['ldap', Buffer.from([0x30, 0xff, 1, 1, 1, 1]), 'protocol-error'],
    ['ldap', Buffer.from([0, 0]), 'protocol-error'],
    ['imap', '* OK\r\n* OK', 'starttls-timeout'],
  ] as const)('asking for %s, sees an unfit answer: case %#', async (startTls, said, code) => {
    const { port } = await speaking((socket) => socket.write(said))
    const { result, bugs } = await probe(tls, { ...least(), port, startTls }, 400)
    expect([result.outcome, result.reason.code, bugs]).toEqual(['down', code, []])
  })

  it('does not listen without end to a greeting that never ends', async () => {
    const server = await speaking((socket) => pour(socket, '220-more\r\n'.repeat(1000)))
    const { result } = await probe(tls, { ...least(), port: server.port, startTls: 'smtp' })
    expect(result.reason.message).toContain('more than 100 lines came')
    expect(server.written()).toBeLessThan(20_000_000)
  })

  it.each([
    ['says nothing', () => {}, 'tls-timeout'],
    ['drips', (socket: Socket) => void socket.write(Buffer.from([0x16, 3])), 'tls-timeout'],
    ['speaks plain text', (socket: Socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'tls-handshake'],
    ['resets', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy()), 'reset'],
  ] as readonly (readonly [string, (socket: Socket) => void, string])[])(
    'meets a server that %s in the handshake',
    async (_, speak, code) => {
      const { port } = await speaking(speak)
      const { result, bugs } = await probe(tls, { ...least(), port }, 400)
      expect([result.outcome, result.reason.code, bugs]).toEqual(['down', code, []])
    },
  )
})

/** Says its greeting, then each answer when what it waits for was said, then shakes hands on the same socket. */
async function plainFirst(
  greeting: string | null,
  turns: readonly (string | Buffer)[],
  leaf: { key: string; cert: string },
): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy())
    ends.push(() => socket.destroy())
    if (greeting !== null) socket.write(greeting)
    const left = [...turns]
    const hear = (chunk: Buffer) => {
      if (!chunk.toString('latin1').includes(String(left[0]))) throw new Error(`heard ${chunk.toString('latin1')}`)
      const answer = left[1] ?? ''
      left.splice(0, 2)
      if (left.length === 0) {
        socket.removeListener('data', hear)
        const upgraded = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(leaf) })
        upgraded.on('error', () => upgraded.destroy())
      }
      socket.write(answer)
    }
    socket.on('data', hear)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  return (server.address() as { port: number }).port
}
