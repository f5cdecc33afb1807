import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type CheckKind, defineCheckKind, type ProbeOutcome } from '#main/checks/kind.ts'
import { runProbe } from '#main/checks/runner.ts'
import { fakePorts } from '#test/support/ports.ts'
import { probePorts } from './probe-ports.ts'

const outcome = (overrides: Partial<ProbeOutcome> = {}): ProbeOutcome => ({
  outcome: 'up',
  reason: { code: 'ok', message: '' },
  durationMs: 5,
  phases: [],
  samples: [{ name: 'probe_ip_protocol', value: 4 }],
  evidence: {},
  ...overrides,
})

function kindThat(run: CheckKind['run']): CheckKind {
  return defineCheckKind({ kind: 'test', title: '', description: '', config: z.unknown(), target: () => '', run })
}

async function running(kind: CheckKind, advanceMs: number, abort?: AbortController) {
  const ports = fakePorts()
  const run = abort ?? new AbortController()
  const report = runProbe(
    { checkId: 'c', kind, config: {}, timeoutMs: 1000 },
    'scheduled',
    { ...probePorts(), ...ports },
    run,
  )
  await ports.time.advance(advanceMs)
  return { ...(await report), ports }
}

describe('the runner', () => {
  it.each([
    ['up', 1],
    ['degraded', 1],
    ['down', 0],
  ] as const)('measures an outcome of %s as probe_success %i', async (name, success) => {
    const { samples } = await running(
      kindThat(async () => outcome({ outcome: name })),
      0,
    )
    expect(samples).toEqual([
      { name: 'probe_ip_protocol', value: 4 },
      { name: 'probe_success', value: success },
      { name: 'probe_duration_seconds', value: 0.005 },
    ])
  })

  it('measures nothing when nothing could be measured', async () => {
    expect(
      (
        await running(
          kindThat(async () => outcome({ outcome: 'unknown' })),
          0,
        )
      ).samples,
    ).toEqual([])
  })

  it('aborts a probe at its deadline and takes what the kind then says', async () => {
    const { result, ports } = await running(
      kindThat(
        (_, _ports, signal) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => resolve(outcome({ outcome: 'down', durationMs: 1000 }))),
          ),
      ),
      1000,
    )
    expect(result).toMatchObject({ outcome: 'down', durationMs: 1000 })
    expect(ports.time.pending()).toBe(0)
  })

  it('calls a kind that ignores its deadline a bug, and goes on', async () => {
    const { result, ports } = await running(
      kindThat(() => new Promise(() => {})),
      2000,
    )
    expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'internal-error' }, durationMs: 2000 })
    expect(ports.logger.lines).toMatchObject([{ level: 'error', message: 'a probe did not end at its deadline' }])
  })

  it('calls a kind that throws a bug, never an outage', async () => {
    const { result, ports } = await running(
      kindThat(async () => {
        throw new Error('oops')
      }),
      0,
    )
    expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'internal-error' } })
    expect(result.reason.message).not.toContain('oops')
    expect(ports.logger.lines).toMatchObject([{ level: 'error', fields: { check: 'c', error: new Error('oops') } }])
    expect(ports.time.pending()).toBe(0)
  })

  it('ends a probe that nobody waits for any more', async () => {
    const abort = new AbortController()
    abort.abort()
    const { result } = await running(
      kindThat(async (_, _ports, signal) => outcome({ outcome: signal.aborted ? 'down' : 'up' })),
      0,
      abort,
    )
    expect(result.outcome).toBe('down')
  })
})
