/** One question by Prometheus's HTTP API, from asking to the parsed answer. */

export interface AskedSteps {
  /** Epoch ms, both inclusive. */
  readonly from: number
  readonly to: number
  readonly stepSeconds: number
}

/** Resolves with milliseconds. Rejects when the answer is an error, or holds no series: nothing was measured then. */
export async function askQueryRange(
  origin: string,
  query: string,
  { from, to, stepSeconds }: AskedSteps,
  token?: string,
): Promise<number> {
  const parameters = new URLSearchParams({
    query,
    start: String(from / 1000),
    end: String(to / 1000),
    step: String(stepSeconds),
  })
  const startedMs = performance.now()
  const reply = await fetch(`${origin}/api/v1/query_range?${parameters}`, {
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
  })
  const answer: { data?: { result?: unknown[] } } = JSON.parse(await reply.text())
  const tookMs = performance.now() - startedMs
  if (!reply.ok) throw new Error(`${query} was answered ${reply.status}: ${JSON.stringify(answer).slice(0, 300)}`)
  if ((answer.data?.result?.length ?? 0) === 0) throw new Error(`${query} found nothing`)
  return tookMs
}
