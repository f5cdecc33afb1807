/**
 * Results as Prometheus's HTTP API writes them, made here so that the main loop only passes bytes on. Values are texts
 * (JSON has no NaN), instants are seconds. Source: prometheus/util/jsonutil/marshal.go.
 */
import type { Labels } from '#shared/domain/series.ts'
import type { Steps } from '#shared/promql/steps.ts'
import type { PointMatrix, StepMatrix } from './messages.ts'

/** A chunk is made when so many characters have come together. */
const chunkLength = 1 << 17
/** A few hundred microseconds. */
const pointsInStep = 1000

/** The chunks of a matrix, one list of points a series; series without points are left out. */
export function* stepsJson(steps: StepMatrix, times: Float64Array): Steps<Uint8Array[]> {
  const out = createChunks()
  out.write('{"resultType":"matrix","result":[')
  const stamps = Array.from(times, timestampText)
  let isFirst = true
  for (const [i, labels] of steps.labels.entries()) {
    const offset = i * steps.stepCount
    let text = `${isFirst ? '' : ','}{"metric":${labelsText(labels)},"values":[`
    let points = 0
    for (let step = 0; step < steps.stepCount; step++) {
      if (steps.present[offset + step] !== 1) continue
      text += `${points === 0 ? '' : ','}[${stamps[step]},"${valueText(steps.values[offset + step] ?? 0)}"]`
      if (++points % pointsInStep !== 0) continue
      out.write(text)
      text = ''
      yield
    }
    if (points === 0) continue
    out.write(`${text}]}`)
    isFirst = false
    yield
  }
  out.write(']}')
  return out.finish()
}

/** The same of samples at instants of their own; for a vector the one sample of each series. */
export function* pointsJson(type: 'vector' | 'matrix', points: PointMatrix): Steps<Uint8Array[]> {
  const out = createChunks()
  out.write(`{"resultType":"${type}","result":[`)
  let at = 0
  for (const [i, labels] of points.labels.entries()) {
    const count = points.counts[i] ?? 0
    const head = `${i === 0 ? '' : ','}{"metric":${labelsText(labels)}`
    let text = type === 'vector' ? `${head},"value":` : `${head},"values":[`
    for (let point = 0; point < count; point++, at++) {
      text += `${point === 0 ? '' : ','}${sampleText(points.times[at] ?? 0, points.values[at] ?? 0)}`
      if (point % pointsInStep !== pointsInStep - 1) continue
      out.write(text)
      text = ''
      yield
    }
    out.write(type === 'vector' ? `${text}}` : `${text}]}`)
    yield
  }
  out.write(']}')
  return out.finish()
}

export function scalarJson(at: number, value: number): Uint8Array[] {
  return [new TextEncoder().encode(`{"resultType":"scalar","result":${sampleText(at, value)}}`)]
}

export function stringJson(at: number, text: string): Uint8Array[] {
  const result = `[${timestampText(at)},${JSON.stringify(text)}]`
  return [new TextEncoder().encode(`{"resultType":"string","result":${result}}`)]
}

const sampleText = (at: number, value: number) => `[${timestampText(at)},"${valueText(value)}"]`

/** As Go's strconv writes it: exponents have two digits. */
function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  return text.includes('e') ? text.replace(/e([+-])(\d)$/, 'e$10$2') : text
}

function timestampText(at: number): string {
  const ms = Math.round(at)
  const rest = Math.abs(ms % 1000)
  const seconds = `${ms < 0 && ms > -1000 ? '-' : ''}${Math.trunc(ms / 1000)}`
  return rest === 0 ? seconds : `${seconds}.${String(rest).padStart(3, '0')}`
}

const labelsText = (labels: Labels) => {
  const names = Object.keys(labels).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(labels[name])}`).join(',')}}`
}

function createChunks() {
  const encoder = new TextEncoder()
  const chunks: Uint8Array[] = []
  let text = ''
  const flush = () => {
    if (text !== '') chunks.push(encoder.encode(text))
    text = ''
  }
  return {
    write(more: string) {
      text += more
      if (text.length >= chunkLength) flush()
    },
    finish() {
      flush()
      return chunks
    },
  }
}
