import { describe, expect, it } from 'vitest'
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import * as host from '../../../src/renderer/features/host/host-series.ts'

type Values = (number | null)[]

const answer = (...series: readonly (readonly [labels: Record<string, string>, values: Values])[]): MetricAnswer => ({
  stepMs: 5000,
  tier: 'raw',
  times: [0, 5000],
  series: series.map(([labels, values]) => ({ labels, values })),
})
const read = (lines: ReturnType<typeof host.readCpu>) =>
  Object.fromEntries(lines.map(({ label, values }) => [label, values]))

describe('the lines of this machine', () => {
  it('are shares of all CPU time, with small modes added to their kind', () => {
    const lines = host.readCpu([
      answer(
        [{ mode: 'user' }, [1, 2]],
        [{ mode: 'nice' }, [1, 0]],
        [{ mode: 'system' }, [0.5, 1]],
        [{ mode: 'irq' }, [0.5, 0]],
        [{ mode: 'iowait' }, [0, 1]],
        [{ mode: 'idle' }, [5, 4]],
      ),
    ])
    expect(read(lines)).toEqual({ User: [0.25, 0.25], System: [0.125, 0.125], 'Waiting for disk': [0, 0.125] })
  })

  it('show stolen time only on machines that have it stolen', () => {
    const lines = (steal: Values) =>
      read(host.readCpu([answer([{ mode: 'steal' }, steal], [{ mode: 'idle' }, [9, 9]])]))
    expect(lines([0, 0])).not.toHaveProperty('Stolen')
    expect(lines([1, 1])).toMatchObject({ Stolen: [0.1, 0.1] })
  })

  it('leave a gap where nothing was observed', () => {
    const memory = host.readMemory([answer([{}, [8, null]]), answer([{}, [6, 6]]), answer([{}, [1, 1]])])
    expect(read(memory)).toEqual({ Used: [2, null], Cache: [5, 5] })
  })

  it('are none without swap', () => {
    expect(host.readSwap([answer([{}, [0, 0]]), answer([{}, [0, 0]])])).toEqual([])
    expect(read(host.readSwap([answer([{}, [4, 4]]), answer([{}, [1, 4]])]))).toEqual({ 'Swap used': [3, 0] })
  })

  it('pair what goes in and out of the busiest devices, in bits for networks', () => {
    const lines = host.readNetwork([
      answer([{ device: 'eth0' }, [1, 1]], [{ device: 'wlan0' }, [10, 10]], [{ device: 'off0' }, [0, 0]]),
      answer([{ device: 'eth0' }, [2, 2]], [{ device: 'wlan0' }, [0, 0]], [{ device: 'off0' }, [0, 0]]),
    ])
    expect(lines.map(({ label, style }) => [label, style])).toEqual([
      ['wlan0 in', 0],
      ['wlan0 out', 5],
      ['eth0 in', 1],
      ['eth0 out', 6],
    ])
    expect(read(lines)['eth0 out']).toEqual([16, 16])
  })

  it('name only faults that happened', () => {
    const none = answer([{ device: 'eth0' }, [0, 0]])
    const lines = host.readNetworkErrors([none, none, answer([{ device: 'eth0' }, [0, 2]]), none])
    expect(read(lines)).toEqual({ 'eth0 dropped in': [0, 2] })
  })

  it('are none before the first answer has data', () => {
    for (const readLines of [
      host.readCpu,
      host.readMemory,
      host.readSwap,
      host.readLoad,
      host.readDisks,
      host.readTemperatures,
    ]) {
      expect(readLines([answer(), answer(), answer()])).toEqual([])
    }
  })
})
