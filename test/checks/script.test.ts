import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { script } from '#main/checks/kinds/script.ts'
import { readPluginOutput } from '#main/checks/script-probe/performance-data.ts'
import { probe } from './probe.ts'
import { rawServer } from './raw-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'belfry-script-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Node itself is the one program that is there wherever the tests run. */
const node = (source: string, ...rest: string[]) => ({ command: [process.execPath, '-e', source, ...rest] })
const exiting = (code: number, said: string) =>
  node(`process.stdout.write(${JSON.stringify(said)}); process.exitCode = ${code}`)

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('a script check', () => {
  it.each([
    [0, 'up', 'ok'],
    [1, 'degraded', 'script-warning'],
    [2, 'down', 'script-critical'],
    [3, 'unknown', 'script-unknown'],
    [4, 'unknown', 'script-exit-code'],
    [127, 'unknown', 'script-exit-code'],
  ])('that ends with %i is %s', async (code, outcome, reason) => {
    const probed = await probe(script, exiting(code, 'DISK OK | /=5MB;8;9;0;10\nmore'))
    expect([probed.result.outcome, probed.result.reason.code]).toEqual([outcome, reason])
    expect(probed.result.reason.message).toContain('DISK OK')
    expect(probed.evidence.output).toBe('DISK OK | /=5MB;8;9;0;10\nmore')
    expect(probed.bugs).toEqual([])
  })

  it('keeps the figures as samples', async () => {
    const { samples, evidence } = await probe(
      script,
      exiting(1, "WARNING - slow | time=250ms;200;500 'a b'=7% used=1500MB"),
    )
    expect(samples).toContainEqual({
      name: 'probe_script_perfdata',
      labels: { label: 'time', unit: 'seconds' },
      value: 0.25,
    })
    expect(samples).toContainEqual({
      name: 'probe_script_perfdata_warning',
      labels: { label: 'time', unit: 'seconds' },
      value: 0.2,
    })
    expect(samples).toContainEqual({
      name: 'probe_script_perfdata',
      labels: { label: 'a b', unit: 'percent' },
      value: 7,
    })
    expect(samples).toContainEqual({ name: 'probe_script_exit_code', value: 1 })
    expect(evidence.facts?.[0]).toEqual({
      title: 'Performance data',
      note: 'exit code 1',
      rows: [
        { name: 'time', value: '0.25 seconds, warning 0.2 seconds, critical 0.5 seconds' },
        { name: 'a b', value: '7 percent' },
        { name: 'used', value: '1.465 GiB' },
      ],
    })
  })

  it('hands its arguments over as they are: nobody reads them as a shell would', async () => {
    const words = ['$(touch hacked)', '`id`', '; touch hacked', '*', "'", '"', '']
    const probed = await probe(script, {
      ...node('console.log(JSON.stringify(process.argv.slice(1)))', '--', ...words),
      cwd: directory,
    })
    expect(JSON.parse(probed.result.reason.message)).toEqual(words)
    expect(existsSync(join(directory, 'hacked'))).toBe(false)
  })

  it('sees nothing of Belfry’s environment but what is named, and keeps its secret', async () => {
    process.env['BELFRY_TEST_SEEN'] = 'seen'
    process.env['BELFRY_TEST_HIDDEN'] = 'hidden'
    const { result, evidence } = await probe(script, {
      ...node(
        'const e = process.env; console.log(e.BELFRY_TEST_SEEN, e.BELFRY_TEST_HIDDEN, e.BELFRY_SECRET, process.cwd())',
      ),
      cwd: directory,
      environment: ['BELFRY_TEST_SEEN', 'BELFRY_TEST_MISSING'],
      secret: 'canary-51c',
    })
    expect(result.reason.message).toBe(`seen undefined [secret] ${directory}`)
    expect(JSON.stringify(evidence)).not.toContain('canary')
  })

  it('that is missing, no program, or in no folder cannot be measured', async () => {
    const plain = join(directory, 'plain.txt')
    writeFileSync(plain, 'no program')
    chmodSync(plain, 0o644)
    for (const [config, code] of [
      [{ command: [join(directory, 'nowhere')] }, 'script-not-found'],
      [{ command: [plain] }, 'script-not-permitted'],
      [{ ...node(''), cwd: join(directory, 'nowhere') }, 'script-not-found'],
    ] as const) {
      const { result, bugs, samples } = await probe(script, config)
      expect([result.outcome, result.reason.code, bugs, samples]).toEqual(['unknown', code, [], []])
    }
  })

  it.skipIf(process.platform === 'win32')('that does not end is killed with all it has started', async () => {
    const pids = join(directory, 'pids')
    const child = `const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`
    const source = `process.on('SIGTERM', () => {}); ${child}; require('fs').writeFileSync(${JSON.stringify(pids)}, process.pid + ' ' + c.pid); setInterval(() => {}, 1000)`
    const { result } = await probe(script, node(source), 1500)
    expect([result.outcome, result.reason.code]).toEqual(['unknown', 'script-timeout'])
    expect(result.durationMs).toBeLessThan(2400)
    const started = readFileSync(pids, 'utf8').split(' ').map(Number)
    expect(started).toHaveLength(2)
    await expect.poll(() => started.filter(isAlive)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('that leaves somebody behind does not wait for them', async () => {
    const source = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).unref(); console.log('done'); process.exit(0)`
    const { result } = await probe(script, node(source), 10_000)
    expect(result).toMatchObject({ outcome: 'up', reason: { message: 'done' } })
    expect(result.durationMs).toBeLessThan(8000)
  })

  it('that is killed by somebody else says so', async () => {
    const { result } = await probe(script, node("process.kill(process.pid, 'SIGSEGV')"))
    expect([result.outcome, result.reason.code]).toEqual(['unknown', 'script-killed'])
  })

  it('that talks without end fills no memory and ends at its deadline', async () => {
    const before = process.memoryUsage().rss
    const { result, evidence } = await probe(
      script,
      node(
        "const more = () => { while (process.stdout.write('x'.repeat(65536))); process.stdout.once('drain', more) }; more()",
      ),
      800,
    )
    expect(result.reason.code).toBe('script-timeout')
    expect(evidence.output?.length).toBeLessThanOrEqual(8000)
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
  })

  it('survives output that is no text', async () => {
    const { result, bugs } = await probe(
      script,
      node('process.stdout.write(Buffer.from([0, 255, 254, 10, 124, 61, 39]))'),
    )
    expect([result.outcome, bugs]).toEqual(['up', []])
  })

  it.each([
    [{ command: [] }, 'command'],
    [{ command: [' '] }, 'command'],
    [{ command: ['a\0b'] }, 'command'],
    [{ command: 'ls -l' }, 'command'],
    [{ command: ['ls'], environment: ['A=B'] }, 'environment'],
    [{ command: ['ls'], secret: 'a\0' }, 'secret'],
  ])('refuses %j', (config, path) => {
    expect(script.config.safeParse(config).error?.issues[0]?.path[0]).toBe(path)
  })

  it('wants an administrator and the switch', () => {
    expect([script.role, script.needs]).toEqual(['admin', 'scripts'])
  })
})

describe('what plugins say', () => {
  it.each([
    ['OK', 'OK', []],
    ['OK | a=1', 'OK', [['a', 1, '']]],
    ["OK | 'it''s / here'=1.5s", 'OK', [["it's / here", 1.5, 'seconds']]],
    [
      'OK | a=10us b=1KB c=2MB;;;0; d=3c e=-.5 f=1e3B',
      'OK',
      [
        ['a', 0.00001, 'seconds'],
        ['b', 1024, 'bytes'],
        ['c', 2_097_152, 'bytes'],
        ['d', 3, 'count'],
        ['e', -0.5, ''],
        ['f', 1000, 'bytes'],
      ],
    ],
    ['OK | a=U b=x c= =1 d=1;2', 'OK', [['d', 1, '']]],
    ['OK | a=1 a=2', 'OK', [['a', 1, '']]],
    [
      'OK | a=1\nlong text\nmore | b=2\nc=3',
      'OK',
      [
        ['a', 1, ''],
        ['b', 2, ''],
        ['c', 3, ''],
      ],
    ],
    ['OK | rta=0.5constructor', 'OK', [['rta', 0.5, 'constructor']]],
    ['', '', []],
    ['| a=1', '', [['a', 1, '']]],
  ] as const)('%j is read', (text, summary, figures) => {
    const read = readPluginOutput(text)
    expect(read.summary).toBe(summary)
    expect(read.figures.map(({ label, value, unit }) => [label, Number(value.toPrecision(12)), unit])).toEqual(figures)
  })

  it('gives limits that are numbers, and leaves ranges out', () => {
    const { figures } = readPluginOutput('x | a=5ms;10;20 b=5;10:20;@5')
    expect(figures.map(({ warning, critical }) => [warning, critical])).toEqual([
      [0.01, 0.02],
      [null, null],
    ])
  })

  it('is read in time whatever it is', () => {
    const startedMs = performance.now()
    for (const text of [
      `|${"'".repeat(60_000)}`,
      `|${'a'.repeat(60_000)}`,
      `|${"'a''".repeat(15_000)}`,
      `|${'a=1 '.repeat(15_000)}`,
    ]) {
      expect(readPluginOutput(text).figures.length).toBeLessThanOrEqual(200)
    }
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
})

const plugins = '/usr/lib/nagios/plugins'
describe.skipIf(!existsSync(`${plugins}/check_tcp`))(
  'the plugins of the field (needs the package monitoring-plugins-basic)',
  () => {
    it('check_tcp says what Belfry finds', async () => {
      const server = await rawServer(() => {}, { greet: true })
      ends.push(server.close)
      const command = [`${plugins}/check_tcp`, '-H', '127.0.0.1', '-p', String(server.port)]
      const { result, samples } = await probe(script, { command })
      expect([result.outcome, result.reason.message]).toEqual(['up', expect.stringMatching(/^TCP OK - /)])
      expect(samples.map(({ name, labels }) => [name, labels?.['label'], labels?.['unit']])).toContainEqual([
        'probe_script_perfdata',
        'time',
        'seconds',
      ])
      await server.close()
      expect((await probe(script, { command })).result.outcome).toBe('down')
    })

    it('check_disk and check_load give figures', async () => {
      const disk = await probe(script, { command: [`${plugins}/check_disk`, '-w', '0%', '-c', '0%', '-p', '/'] })
      expect(disk.result.outcome).toBe('up')
      const used = disk.samples.find(({ labels }) => labels?.['label'] === '/')
      expect(used?.labels?.['unit']).toBe('bytes')
      const said = Number(execFileSync('df', ['--output=used', '-B1', '/'], { encoding: 'utf8' }).split('\n')[1])
      expect(Math.abs((used?.value ?? 0) / said - 1)).toBeLessThan(0.05)
      const load = await probe(script, { command: [`${plugins}/check_load`, '-w', '0,0,0', '-c', '999,999,999'] })
      expect(load.samples.some(({ labels }) => labels?.['label'] === 'load1')).toBe(true)
    })
  },
)
