/** The same series and expressions through promtool: what Belfry computes is what Prometheus expects to see. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { showLabels } from '#shared/promql/values.ts'
import { samplesOf } from './evaluated.ts'
import { loadSeries } from './series-notation.ts'

const promtool = '/usr/bin/promtool'
const series = [
  { series: 'cpu{mode="idle",cpu="0"}', values: '0+9x40' },
  { series: 'cpu{mode="idle",cpu="1"}', values: '0+8.25x40' },
  { series: 'cpu{mode="user",cpu="0"}', values: '0+0.5x40' },
  { series: 'cpu{mode="user",cpu="1"}', values: '0+1.75x20 3+1x19' },
  { series: 'free{mount="/",dev="a"}', values: '1000-13x40' },
  { series: 'free{mount="/data",dev="b"}', values: '500x10 480x29' },
  { series: 'size{mount="/",dev="a"}', values: '1000x40' },
  { series: 'size{mount="/data",dev="b"}', values: '500x40' },
  { series: 'info{mount="/",fs="ext4"}', values: '1x40' },
  { series: 'holes', values: '1 _ 3 _ _ 6 7 8 _x4 13+1x20' },
  { series: 'ended', values: '1x10 stale' },
  { series: 'negative', values: '-5+1x40' },
]
const expressions = [
  'cpu',
  'rate(cpu[5m])',
  'rate(cpu[150s])',
  'increase(cpu{mode="user"}[10m])',
  'irate(cpu[2m])',
  'delta(free[7m])',
  'deriv(free[10m])',
  'predict_linear(free[10m], 3600)',
  'predict_linear(free[10m] offset 3m, -60)',
  '1 - avg by (cpu) (rate(cpu{mode="idle"}[5m]))',
  '1 - avg(rate(cpu{mode="idle"}[5m])) > 0.2',
  // Rounded: sums are compensated here (Prometheus 3) and plain in 2.x.
  'floor(1e9 * sum without (cpu) (rate(cpu[5m])) / on() group_left() sum(rate(cpu[5m])) + 0.5)',
  'free / size',
  '1 - free / size > 0.3',
  '(free / size) < bool 0.9',
  'free < on(mount) size',
  'free * on(mount) group_left(fs) info',
  'free == on(mount, dev) size',
  'free unless on(mount) info',
  'info or on(mount) free',
  'free and on(mount) info',
  'count by (mode) (cpu) == 2',
  'topk(2, cpu)',
  'bottomk(1, free)',
  'min(cpu) or max(free)',
  'group by (mode) (cpu)',
  'quantile(0.9, free)',
  'quantile by (mode) (0.3, cpu)',
  'quantile_over_time(0.95, holes[10m])',
  'quantile_over_time(0.5, free[9m])',
  'count_over_time(holes[10m])',
  'sum_over_time(holes[10m])',
  'avg_over_time(holes[10m])',
  'min_over_time(holes[10m])',
  'max_over_time(holes[10m])',
  'last_over_time(holes[10m])',
  'rate(holes[10m])',
  'increase(holes[10m])',
  'changes(free[10m])',
  'resets(cpu[30m])',
  'ended',
  'absent(ended{a="b"})',
  'absent_over_time(nothing{a="b",c!="d"}[5m])',
  'ended offset 15m',
  'time() - timestamp(holes)',
  'abs(negative offset 20m)',
  'clamp_max(negative, 3)',
  'clamp_min(free, 600)',
  'clamp(free, 450, 490)',
  'rate(negative[30m])',
  'scalar(size{mount="/"}) / 3',
  'vector(time())',
  '-2 ^ 2',
  '2 ^ 3 ^ 2',
  '-7 % 3',
  '1 / 0',
  '-free + 5',
  'negative % 7',
  'negative ^ 0.5 > 1',
  'sqrt(size) + ln(size) + log2(size) + log10(size) + exp(size / 1000)',
  'floor(free / 7) * 2 + ceil(free / 7) + sgn(negative)',
]

it.skipIf(!existsSync(promtool))(
  `agrees with promtool on ${expressions.length} expressions at four instants (package: prometheus)`,
  { timeout: 60_000 },
  async () => {
    const intervalMs = 60_000
    const metrics = loadSeries(series, intervalMs)
    const minutes = [3, 12, 20, 33.5]
    const tests = []
    for (const expr of expressions) {
      for (const minute of minutes) {
        // Debian's promtool is of 2.x, where ranges include their beginning.
        const samples = await samplesOf(expr, metrics, minute * 60_000, { closedRanges: true })
        tests.push({
          expr,
          eval_time: `${minute * 60}s`,
          exp_samples: samples.map(({ labels, value }) => ({ labels: showLabels(labels), value })),
        })
      }
    }
    const directory = await mkdtemp(join(tmpdir(), 'belfry-promtool-'))
    try {
      const file = join(directory, 'test.yml')
      const input = {
        evaluation_interval: '1m',
        tests: [{ interval: '1m', input_series: series, promql_expr_test: tests }],
      }
      await writeFile(file, stringify(input, { lineWidth: 0 }).replaceAll(/\bInfinity\b/g, '.inf'))
      const answer = await promisify(execFile)(promtool, ['test', 'rules', file]).catch((error) => error)
      expect(`${answer.stdout}${answer.stderr}`).toContain('SUCCESS')
    } finally {
      await rm(directory, { recursive: true })
    }
  },
)
