import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeWhenFree } from '#main/store/metrics/remove-when-free.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'belfry-remove-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const failingWith = (code: string) => () => {
  throw Object.assign(new Error(code), { code })
}

describe('a file that nothing names any more', () => {
  it('is removed, and it is no failure that it is gone already', () => {
    const path = join(directory, 'raw.db')
    writeFileSync(path, '')
    expect(removeWhenFree(path)).toBe(true)
    expect(existsSync(path)).toBe(false)
    expect(removeWhenFree(path)).toBe(true)
  })

  it.each(['EBUSY', 'EPERM'])('stays when the system answers %s, for somebody has it open', (code) => {
    expect(removeWhenFree('raw.db', failingWith(code))).toBe(false)
  })

  it('is told of when it cannot be removed for another reason', () => {
    expect(() => removeWhenFree('raw.db', failingWith('EROFS'))).toThrow('EROFS')
  })
})
