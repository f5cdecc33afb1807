import { describe, expect, it } from 'vitest'
import { guessDraft } from '#main/checks/guess.ts'
import { checkKinds } from '#main/checks/kinds/index.ts'
import { AppError } from '#shared/contract/errors.ts'

describe('a pasted text', () => {
  it.each([
    ['example.com', 'http', { url: 'https://example.com' }],
    ['  https://example.com/health?x=1 ', 'http', { url: 'https://example.com/health?x=1' }],
    ['HTTP://EXAMPLE.com', 'http', { url: 'HTTP://EXAMPLE.com' }],
    ['example.com/status', 'http', { url: 'https://example.com/status' }],
    ['localhost', 'http', { url: 'http://localhost' }],
    ['localhost:3000/health', 'http', { url: 'http://localhost:3000/health' }],
    ['example.com:443', 'http', { url: 'https://example.com:443' }],
    ['db.example.com:5432', 'tcp', { host: 'db.example.com', port: 5432 }],
    ['10.0.0.1:22', 'tcp', { host: '10.0.0.1', port: 22 }],
    ['[2001:db8::7]:22', 'tcp', { host: '2001:db8::7', port: 22 }],
    ['10.0.0.1', 'icmp', { host: '10.0.0.1' }],
    ['2001:db8::7', 'icmp', { host: '2001:db8::7' }],
    ['[2001:db8::7]', 'icmp', { host: '2001:db8::7' }],
    ['ping router.lan', 'icmp', { host: 'router.lan' }],
    ['PING router.lan', 'icmp', { host: 'router.lan' }],
    ['tls:mail.example.com:993', 'tls', { host: 'mail.example.com', port: 993 }],
    ['tls://mail.example.com', 'tls', { host: 'mail.example.com' }],
    ['dns:example.com?type=mx', 'dns', { name: 'example.com', type: 'MX' }],
    ['dns://192.0.2.53/example.com', 'dns', { name: 'example.com', resolver: '192.0.2.53' }],
    ['redis://:pw@cache:6380/1', 'redis', { host: 'cache', port: 6380, password: 'pw', database: 1 }],
    ['10.0.0.1/status', 'http', { url: 'http://10.0.0.1/status' }],
  ])('%j is a %s check', (text, kind, config) => {
    expect(guessDraft(text, checkKinds)).toMatchObject({ kind, config, enabled: true, everyMs: 60_000 })
  })

  it('gives the check a readable name', () => {
    expect(guessDraft('https://example.com/health?token=x', checkKinds).name).toBe('example.com/health?…')
    expect(guessDraft('db:5432', checkKinds).name).toBe('db:5432')
  })

  it.each([
    '',
    '   ',
    'hello world',
    'ftp://example.com',
    'host:99999',
    'http://',
    'a..b',
    '300.1.2.3',
    '<script>',
    'x'.repeat(2000),
  ])('%j is refused with what could be pasted', (text) => {
    expect(() => guessDraft(text, checkKinds)).toThrow(AppError)
    expect(() => guessDraft(text, checkKinds)).toThrow(/This is no target: expected a .*; got /)
  })

  it('that is refused is not told with the password in it', () => {
    expect(() => guessDraft('ftp://me:canary@example.com/x', checkKinds)).toThrow('got "ftp://…@example.com/x"')
  })
})
