/** Expressions that Prometheus 2.42 and Belfry both know. */
import { randomFrom } from './samples.ts'

const overTime = [
  ...['avg', 'min', 'max', 'sum', 'count', 'last', 'present', 'stddev', 'stdvar'].map((name) => `${name}_over_time`),
  ...['rate', 'increase', 'delta', 'irate', 'idelta', 'deriv', 'resets', 'changes'],
]
const ranges = [
  'reqs_total[1m]',
  'reqs_total[5m]',
  'temp[3m]',
  'jitter_total[4m]',
  'jitter[2m]',
  'ending[5m]',
  'odd[2m]',
]
const ofValue = [
  ...['abs', 'ceil', 'floor', 'exp', 'ln', 'log2', 'log10', 'sqrt', 'sgn', 'round', 'sin', 'cos', 'tan', 'asin'],
  ...['acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'deg', 'rad', 'timestamp'],
]
const ofTime = ['minute', 'hour', 'day_of_week', 'day_of_month', 'day_of_year', 'days_in_month', 'month', 'year']
const aggregations = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar']
const arithmetic = ['+', '-', '*', '/', '%', '^']
const comparisons = ['==', '!=', '<', '<=', '>', '>=']

export const handMade: readonly string[] = [
  ...overTime.flatMap((name) => ranges.map((range) => `${name}(${range})`)),
  ...ofValue.flatMap((name) => [`${name}(temp)`, `${name}(odd)`, `${name}(temp / 30)`]),
  ...ofTime.flatMap((name) => [`${name}()`, `${name}(temp * 1e8)`, `${name}(timestamp(lonely))`]),
  ...aggregations.flatMap((name) => [
    `${name}(temp)`,
    `${name} by (job) (reqs_total)`,
    `${name} without (instance, code) (reqs_total)`,
    `${name}(ending)`,
  ]),
  ...arithmetic.flatMap((op) => [
    `temp ${op} limit`,
    `temp ${op} 3`,
    `7 ${op} odd`,
    `5 ${op} 3`,
    `reqs_total ${op} on(job, instance) group_left() temp`,
    `limit ${op} ignoring(code) group_right() reqs_total`,
  ]),
  ...comparisons.flatMap((op) => [
    `temp ${op} limit`,
    `temp ${op} bool limit`,
    `odd ${op} 4`,
    `4 ${op} odd`,
    `4 ${op} bool odd`,
    `5 ${op} bool 3`,
    `limit ${op} on(job, instance) group_right() reqs_total`,
  ]),
  ...['and', 'or', 'unless'].flatMap((op) => [
    `temp ${op} limit`,
    `temp ${op} on(job) jitter`,
    `ending ${op} ending offset 5m`,
    `reqs_total{code="200"} ${op} ignoring(code) reqs_total{code="500", instance!="a"}`,
    `turns{who="x"} ${op} on() turns{who="y"}`,
  ]),
  // Prometheus forgot to drop the name of what atan2 computes until 3.0.
  ...['temp atan2 limit', 'temp atan2 3', '7 atan2 odd'].map((text) => `sum by (job, instance, of) (${text})`),
  '5 atan2 3',
  'quantile(0.3, temp)',
  'quantile by (job) (0.9, reqs_total)',
  'quantile(-1, temp)',
  'quantile(2, temp)',
  'quantile(NaN, temp)',
  'topk(2, temp)',
  'topk by (job) (1, reqs_total)',
  'bottomk(3, reqs_total)',
  'topk(0, temp)',
  'topk(-3, temp)',
  'bottomk(100, ending)',
  'topk(time() / 1e9 + 1, temp)',
  'count_values("value", limit)',
  'count_values by (job) ("value", limit * 0)',
  'count_values("value", odd)',
  'quantile_over_time(0.5, temp[5m])',
  'quantile_over_time(0.05, jitter[3m])',
  'quantile_over_time(1.5, odd[3m])',
  'quantile_over_time(scalar(lonely) / 30, temp[5m])',
  'predict_linear(temp[5m], 600)',
  'predict_linear(jitter[5m] offset 3m, -60)',
  // Prometheus 2 moves the range of predict_linear(x[5m] @ end(), 0) on with each step.
  'predict_linear(temp[2m] offset 1m, time() / 1e7)',
  'holt_winters(temp[5m], 0.3, 0.6)',
  'holt_winters(jitter[5m], 0.9, 0.1)',
  'histogram_quantile(0.9, lat_bucket)',
  'histogram_quantile(0.5, sum by (le) (rate(lat_bucket[5m])))',
  'histogram_quantile(0.99, sum by (job, le) (increase(lat_bucket[3m])))',
  'histogram_quantile(-1, lat_bucket)',
  'histogram_quantile(1.5, lat_bucket{job="api"})',
  'histogram_quantile(0.3, lat_bucket{le!="0.5"})',
  'histogram_quantile(0.3, lat_bucket{le!="+Inf"})',
  'histogram_quantile(time() / 2e9, lat_bucket)',
  'label_replace(temp, "host", "$1-x", "instance", "(.).*")',
  'label_replace(temp, "instance", "", "instance", ".*")',
  'label_replace(temp, "copy", "$2.$1", "job", "(a)(.*)")',
  'label_join(temp, "both", "-", "job", "instance")',
  'sum by (both) (label_join(reqs_total, "both", "-", "job", "code"))',
  'absent(nothing{job="x", instance=~"y"})',
  'absent(temp)',
  'absent(ending{n="1"})',
  'absent(sum(nothing))',
  'absent_over_time(nothing{job="x"}[5m])',
  'absent_over_time(ending{n="2"}[2m])',
  'absent_over_time(ending{n="3"}[1m])',
  'scalar(lonely)',
  'scalar(temp)',
  'vector(time())',
  'vector(1) or temp',
  'time()',
  'pi() * 2',
  'clamp(temp, 20, 25)',
  'clamp(temp, 25, 20)',
  'clamp_min(temp, scalar(lonely))',
  'clamp_max(odd, 3)',
  'round(temp, 0.25)',
  'round(odd, 5)',
  'sort(temp)',
  'sort_desc(odd)',
  'temp offset 5m',
  'temp offset -5m',
  'temp @ start()',
  'temp @ end()',
  'temp - temp offset 10m',
  'temp @ end() - temp',
  'rate(reqs_total[5m] offset 3m)',
  'rate(reqs_total[5m] @ start())',
  'sum(rate(reqs_total[5m]))',
  'sum by (job) (rate(reqs_total[5m])) / on(job) group_left() sum by (job) (rate(reqs_total{code="200"}[5m]))',
  'temp * on(job, instance) group_left(version) info',
  'info * on(job, instance) group_right(version) reqs_total',
  'max_over_time(rate(reqs_total[2m])[10m:1m])',
  'avg_over_time(temp[10m:30s])',
  'sum_over_time(ending[10m:15s])',
  'min_over_time((temp > 22)[5m:])',
  'count_over_time(ending[7m:45s] offset 2m)',
  'rate(sum by (job) (reqs_total)[5m:15s])',
  'quantile_over_time(0.5, sum(temp)[5m:20s])',
  'avg_over_time(max_over_time(temp[1m])[5m:1m])',
  'max_over_time(temp[5m:30s] @ end())',
  'absent_over_time(ending{n="2"}[2m:30s])',
  'last_over_time(ending[3m])',
  'wide',
  'sum without (label_3, side) (wide)',
  'wide{side="l"} - ignoring(side) wide{side="r"}',
  '{__name__=~"temp|limit", instance="a"}',
  'count by (__name__) ({__name__=~".+"})',
  'sum({__name__=~"temp|limit"})',
  'ending',
  'turns',
  'sum(turns)',
  'limit{instance="a", job="api"} * on() turns',
  'turns + on() limit{instance="a", job="api"}',
  '-temp',
  '+temp',
  '-odd ^ 2',
  '2 ^ -odd{of="neg"}',
  '1 - 2 - 3 * 4 / 2 ^ 3 ^ 0.5',
  'temp + limit * 2 - temp offset 1m > 30',
  'not_there + 1',
  'sum(not_there)',
  'rate(not_there[5m])',
]

/** What both refuse, in whatever words; in brackets what kind of mistake it is. */
export const refused: readonly (readonly [text: string, kind: 'bad_data' | 'execution'])[] = [
  ['temp +', 'bad_data'],
  ['rate(temp)', 'bad_data'],
  ['sum(temp', 'bad_data'],
  ['nosuch(temp)', 'bad_data'],
  ['abs(temp[5m])', 'bad_data'],
  ['{}', 'bad_data'],
  ['{a=~".*"}', 'bad_data'],
  ['temp{a=~"("}', 'bad_data'],
  ['1 == 1', 'bad_data'],
  ['temp and 1', 'bad_data'],
  ['temp + on(job) group_left(job) limit', 'bad_data'],
  ['temp and on(job) group_left() limit', 'bad_data'],
  ['sum(temp) offset 5m', 'bad_data'],
  ['temp @ NaN', 'bad_data'],
  ['temp offset 5m offset 5m', 'bad_data'],
  ['temp[5m][5m]', 'bad_data'],
  ['1[5m:1m]', 'bad_data'],
  ['temp[0s]', 'bad_data'],
  ['topk(temp)', 'bad_data'],
  ['count_values(1, temp)', 'bad_data'],
  ['label_join(temp, "x")', 'bad_data'],
  ['time(1)', 'bad_data'],
  ['temp fill(0) + temp', 'bad_data'],
  ['-{__name__=~"temp|limit"}', 'execution'],
  ['rate({__name__=~"temp|limit"}[5m])', 'execution'],
  ['abs({__name__=~"temp|limit"})', 'execution'],
  ['temp + on() limit', 'execution'],
  ['temp * on(job) limit', 'execution'],
  ['reqs_total * on(job, instance) limit', 'execution'],
  ['temp * on(job) group_left() limit', 'execution'],
  ['label_replace(temp, "instance", "x", "instance", ".*")', 'execution'],
  ['label_join(temp, "instance", "-", "job")', 'execution'],
  ['label_replace(temp, "x", "y", "job", "(")', 'execution'],
  ['label_replace(temp, "", "y", "job", ".*")', 'execution'],
  ['holt_winters(temp[5m], 1, 0.5)', 'execution'],
  ['holt_winters(temp[5m], 0.5, 2)', 'execution'],
  ['topk(NaN, temp)', 'execution'],
  ['topk(Inf, temp)', 'execution'],
  ['count_values("", temp)', 'execution'],
]

/** Expressions out of the same parts, put together at random. */
export function generated(count: number, seed: number): string[] {
  const random = randomFrom(seed)
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] ?? list[0] ?? never()
  const duration = () => one(['30s', '1m', '97s', '2m', '5m', '10m'])
  const selector = () =>
    one(['reqs_total', 'temp', 'limit', 'jitter', 'jitter_total', 'ending', 'odd{of!="inf"}', 'lonely'])
  const moved = (text: string) => (random() < 0.2 ? `${text} offset ${one(['', '-'])}${duration()}` : text)
  const range = (depth: number): string =>
    depth > 0 && random() < 0.3
      ? moved(`(${vector(depth - 1)})[${duration()}:${one(['', '15s', '40s', '1m'])}]`)
      : moved(`${selector()}[${duration()}]`)
  const vector = (depth: number): string => {
    if (depth === 0) return moved(selector())
    const inner = () => vector(depth - 1)
    return one([
      () => `${one(overTime)}(${range(depth)})`,
      () => `quantile_over_time(${one(['0', '0.2', '0.5', '1'])}, ${range(depth)})`,
      () => `${one(['abs', 'ceil', 'floor', 'sgn', 'sqrt', 'ln', 'round'])}(${inner()})`,
      // Prometheus 2 says that one sample that is no number has a deviation of 0.
      () =>
        `${one(aggregations.slice(0, 6))} ${one(['', 'by (job)', 'without (instance)', 'by (job, n, of)'])} (${inner()})`,
      () =>
        `${one(['sum', 'avg', 'max'])} by (job) (${inner()}) ${one(['+', '-', '*', '/'])} on(job) ${one(['sum', 'min'])} by (job) (${inner()})`,
      () =>
        `(${inner()}) ${one([...arithmetic.slice(0, 4), ...comparisons])} ${one(['2', '10', 'time() / 1e9', 'scalar(lonely)'])}`,
      () => `(${inner()}) ${one(comparisons)} bool ${one(['2', '20'])}`,
      () => `(${inner()}) ${one(['and', 'or', 'unless'])} ${one(['', 'on(job)', 'on(job, instance)'])} (${inner()})`,
      () => `-(${inner()})`,
      () => `clamp(${inner()}, ${one(['0', '5'])}, ${one(['10', '30'])})`,
      () => `absent(${inner()})`,
    ])()
  }
  return Array.from({ length: count }, () => vector(1 + Math.floor(random() * 3)))
}

function never(): never {
  throw new Error('a list is empty')
}
