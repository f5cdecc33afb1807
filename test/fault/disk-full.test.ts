/**
 * The disk of the data directory is full: on a small file system of its own, or because no file may grow. Changes are
 * refused and say why, alerts are still found and told, and once there is room all goes on by itself.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeOptions } from '../../scripts/console-command.ts'
import { type NotifyLedger, openNotifyLedger } from '../crash/notify-ledger.ts'
import { type Child, startChild } from '../e2e/support/child.ts'
import { adminToken } from '../e2e/support/console-process.ts'
import { rpc } from '../e2e/support/rpc.ts'
import { patienceMs, rigFigures, rounds } from '../support/torture.ts'

const figures = rigFigures('disk full')
const sizeMiB = 24
const recoveryWithinMs = 10_000
const ignoreFullDisk = new URL('./ignore-full-disk.ts', import.meta.url).href
const entry = join(import.meta.dirname, '../../src/main/headless.ts')

let directory: string
let ledger: NotifyLedger
let running: Child | null = null
let mounted: string | null = null

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'belfry-full-'))
  mkdirSync(join(directory, 'config', 'rules'), { recursive: true })
  ledger = openNotifyLedger()
})
afterEach(async () => {
  await running?.end('SIGKILL')
  running = null
  ledger.close()
  if (mounted !== null) spawnSync('umount', ['--lazy', mounted])
  mounted = null
  rmSync(directory, { recursive: true, force: true })
})

/** Whether this user may mount a file system of a size of its own. */
function mountSmall(): boolean {
  const data = join(directory, 'data')
  mkdirSync(data)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'belfry-test', data])
  if (status === 0) mounted = data
  return status === 0
}

async function start(before: readonly string[] = []): Promise<string> {
  const places = ['--data', join(directory, 'data'), '--config', join(directory, 'config')]
  running = startChild(process.execPath, [...nodeOptions, ...before, entry, '--no-open', '--port', '0', ...places], {
    env: { ...process.env, ...ledger.env, BELFRY_TOKEN: adminToken },
  })
  const [, origin = ''] = await running.line(/(http:\/\/127\.0\.0\.1:\d+)\/login/)
  return origin
}

/** Fires once the clock is past `firesAt`. */
function writeRule(name: string, firesAt: number): void {
  const rule = {
    ...{ alert: name, expr: `vector(time()) > ${firesAt / 1000}` },
    ...{ labels: { severity: 'critical' }, annotations: { summary: name } },
  }
  const groups = [{ name, interval: '1s', rules: [rule] }]
  writeFileSync(join(directory, 'config', 'rules', `${name}.yml`), JSON.stringify({ groups }))
}

/** Takes all the room there is; returns what gives it back. */
function fill(): () => void {
  const filler = join(directory, 'data', 'filler')
  let pieceBytes = 1 << 20
  while (pieceBytes >= 1) {
    try {
      appendFileSync(filler, Buffer.alloc(pieceBytes))
    } catch {
      // Full for a piece of this size: the smaller ones take the rest.
      pieceBytes >>= 1
    }
  }
  return () => rmSync(filler)
}

async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
  const beganAt = performance.now()
  while (!(await isSo())) {
    const tookMs = performance.now() - beganAt
    if (tookMs > withinMs) throw new Error(`${what} did not happen within ${withinMs} ms. ${running?.lines.slice(-5)}`)
    await delay(100)
  }
  return performance.now() - beganAt
}

let made = 0

/** A change that is acknowledged when it is durable; null when it was, else what it was refused with. */
async function change(origin: string, acknowledged: string[]): Promise<string | null> {
  const name = `token-${made++}`
  try {
    await rpc(origin, 'tokens.create', { name, role: 'viewer', expiresAt: null })
    acknowledged.push(name)
    return null
  } catch (error) {
    return String(error)
  }
}

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('a disk that is full (needs root)', () => {
  it('refuses changes, still tells alerts, and goes on when there is room', {
    timeout: patienceMs(120_000),
  }, async () => {
    expect(mountSmall()).toBe(true)
    const fillings = rounds(1, 10)
    const origin = await start()
    const acknowledged: string[] = []
    for (let filling = 0; filling < fillings; filling++) {
      expect(await change(origin, acknowledged)).toBe(null)
      const empty = fill()
      const refusals: string[] = []
      const isRefused = async () =>
        refusals.push(...[await change(origin, acknowledged)].flatMap((one) => one ?? [])) > 0
      await until('a refusal', isRefused, 20_000)
      expect(refusals[0]).toContain('503')
      expect(refusals[0]).toContain('disk is full')

      const name = `WhileFull${filling}`
      writeRule(name, 0)
      await until(`the notification of ${name}`, () => ledger.shown().includes(name), 20_000)
      expect(await change(origin, acknowledged)).toContain('503')

      empty()
      await until('a change', async () => (await change(origin, acknowledged)) === null, recoveryWithinMs)
      figures.runs++
    }
    await delay(1500)
    await running?.end('SIGKILL')
    const again = await start()
    const names = (await rpc(again, 'tokens.list', {})).map(({ name }) => name)
    const lost = acknowledged.filter((name) => !names.includes(name))
    figures.lost += lost.length
    expect(lost).toEqual([])
    expect(await rpc(again, 'audit.verify', {})).toMatchObject({ brokenAt: null })
    for (let filling = 0; filling < fillings; filling++) {
      const times = ledger.shown().filter((title) => title === `WhileFull${filling}`).length
      figures.duplicates += times - 1
      expect(times).toBe(1)
    }
  })

  it('is seen to lose what a console acknowledges that does not look whether it was written', async () => {
    expect(mountSmall()).toBe(true)
    const origin = await start(['--import', ignoreFullDisk])
    const acknowledged: string[] = []
    fill()
    for (let count = 0; count < 20; count++) await change(origin, acknowledged)
    await running?.end('SIGKILL')
    rmSync(join(directory, 'data', 'filler'))
    const names = (await rpc(await start(), 'tokens.list', {})).map(({ name }) => name)
    figures.isControlRed = acknowledged.some((name) => !names.includes(name))
    expect(figures.isControlRed).toBe(true)
  })
})
