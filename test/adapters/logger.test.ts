import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loggable } from '#main/adapters/log-fields.ts'
import { openLogFile } from '#main/adapters/logger.ts'
import { openRotatingFile } from '#main/adapters/rotating-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'belfry-log-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const linesOf = (name = 'belfry.log') =>
  readFileSync(join(directory, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('openLogFile', () => {
  it('writes one JSON object a line, for the owner only', () => {
    const log = openLogFile({ directory, level: 'info' })
    log.logger.child({ component: 'scheduler' }).info('late', { lateMs: 12 })
    expect(linesOf()).toEqual([
      { level: 'info', time: expect.stringMatching(/Z$/), component: 'scheduler', lateMs: 12, message: 'late' },
    ])
    expect(statSync(log.path).mode & 0o777).toBe(0o600)
    log.close()
  })

  it('follows a change of level, in loggers made before it too', () => {
    const log = openLogFile({ directory, level: 'warn' })
    const child = log.logger.child({ a: 1 })
    child.info('not yet')
    log.setLevel('debug')
    child.debug('now')
    log.setLevel('error')
    child.warn('no more')
    expect(linesOf().map((line) => line.message)).toEqual(['now'])
    log.close()
  })

  it('loses no line when it rotates, and keeps five files', () => {
    const log = openLogFile({ directory, level: 'info', maxBytes: 2000 })
    for (let number = 0; number < 200; number++) log.logger.info('line', { number })
    log.close()
    const names = ['belfry.log.4', 'belfry.log.3', 'belfry.log.2', 'belfry.log.1', 'belfry.log']
    expect(readdirSync(directory).sort()).toEqual([...names].sort())
    const numbers = names.flatMap((name) => linesOf(name).map((line) => line.number))
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 200 - numbers.length + index))
    expect(names.every((name) => statSync(join(directory, name)).size <= 2000)).toBe(true)
  })

  it('appends to the file of an earlier run', () => {
    for (const message of ['first', 'second']) {
      const log = openLogFile({ directory, level: 'info' })
      log.logger.info(message)
      log.close()
    }
    expect(linesOf().map((line) => line.message)).toEqual(['first', 'second'])
  })
})

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
  const path = () => join(directory, 'full.log')

  it('keeps lines until it takes them again, and says how many it had to drop', () => {
    symlinkSync('/dev/full', path())
    const file = openRotatingFile({
      path: path(),
      maxBytes: 1000,
      files: 2,
      maxWaitingBytes: 100,
      retryAfterMs: 0,
      droppedLine: (count) => `dropped ${count}\n`,
    })
    for (let number = 10; number < 30; number++) file.write(`line ${number} \n`)
    expect(file.trouble()).toBe('ENOSPC (no space left on the disk)')
    unlinkSync(path())
    file.write('room again\n')
    expect(file.trouble()).toBeNull()
    const lines = readFileSync(path(), 'utf8').trimEnd().split('\n')
    expect(lines[0]).toBe('line 10 ')
    expect(lines.slice(-3)).toEqual(['line 29 ', 'room again', expect.stringMatching(/^dropped \d+$/)])
    expect(lines.length - 2 + Number(lines.at(-1)?.slice(8))).toBe(20)
    file.close()
  })
})

describe('loggable', () => {
  it('hides what is named like a secret, however deep, and tells apart what only sounds like one', () => {
    expect(
      loggable({
        password: 'x',
        apiKey: 'x',
        'set-cookie': ['x'],
        nested: { Authorization: { inner: 'x' }, accessToken: 'x', tokenId: 'kept', tokens: 3 },
        passwordLength: 12,
        secret: null,
      }),
    ).toEqual({
      password: '[redacted]',
      apiKey: '[redacted]',
      'set-cookie': '[redacted]',
      nested: { Authorization: '[redacted]', accessToken: '[redacted]', tokenId: 'kept', tokens: 3 },
      passwordLength: 12,
      secret: null,
    })
  })

  it('hides secrets inside of texts', () => {
    expect(
      loggable({ url: 'https://me:hunter2@db.example/x?token=abc&page=2', header: 'Bearer abcdefgh1234' }),
    ).toEqual({
      url: 'https://[redacted]@db.example/x?token=[redacted]&page=2',
      header: 'Bearer [redacted]',
    })
  })

  it('writes errors with their stack, own fields and causes', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const { error } = loggable({ error: new TypeError('no answer', { cause }) })
    expect(error).toMatchObject({
      type: 'TypeError',
      message: 'no answer',
      stack: expect.stringContaining('logger.test'),
      cause: { type: 'Error', message: 'refused', code: 'ECONNREFUSED' },
    })
  })

  it('survives cycles, depth, size and odd values', () => {
    const cycle: Record<string, unknown> = { big: 10n, nan: Number.NaN, when: new Date(0), bytes: new Uint8Array(3) }
    cycle['self'] = cycle
    let deep: unknown = 'end'
    for (let depth = 0; depth < 5000; depth++) deep = { deep }
    const line = JSON.stringify(loggable({ cycle, deep, long: 'x'.repeat(100_000), many: Array(100_000).fill(1) }))
    expect(line).toContain('[circular]')
    expect(line).toContain('[too deep]')
    expect(line.length).toBeLessThan(20_000)
  })
})
