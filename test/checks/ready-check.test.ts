import { expect, it } from 'vitest'
import { checkKinds } from '#main/checks/kinds/index.ts'
import { readyCheck } from '#main/checks/ready-check.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'

function refusalOf(kind: string, config: CheckDraft['config']): AppError {
  try {
    readyCheck({ id: 'shop', draft: CheckDraft.parse({ name: 'Shop', kind, config }) }, checkKinds)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

it.each([
  ['http', { url: 'shop' }, 'config.url', 'expected a URL such as https://example.com/health, got "shop"'],
  ['http', { url: 'http://e.com', methd: 'GET' }, 'config.methd', '"methd" is not known here: did you mean "method"?'],
  ['http', { url: 'http://e.com', bodyMatches: ['('] }, 'config.bodyMatches.0', 'expected a regular expression'],
  ['tcp', { host: 'db', port: 70_000 }, 'config.port', 'expected at most 65535, came the number 70000.'],
  ['tcp', { host: 'db', port: '5432' }, 'config.port', 'expected a number, came "5432".'],
  ['icmp', {}, 'config.host', 'expected text, but it is missing: add it.'],
] as const)('a check of %s with %j is refused at %s, saying what to do', (kind, config, path, message) => {
  const { code, issues, message: told } = refusalOf(kind, CheckDraft.shape.config.parse(config))
  expect(code).toBe('invalid')
  expect(issues).toMatchObject([{ path, message: expect.stringContaining(message) }])
  expect(told).toContain(`The check "Shop" cannot be used: ${path}: `)
})
