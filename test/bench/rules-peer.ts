/** The same rules by Prometheus: what it says that one evaluation of their group took, which it does in one thread. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#test/support/free-port.ts'
import { findOnPath } from './find-on-path.ts'

const everySeconds = 5
/** The first evaluations over the samples fill what Prometheus keeps in memory. */
const evaluationsBefore = 3

export interface RulesPeerOptions {
  readonly directory: string
  readonly exprs: readonly string[]
  /** In the text format. */
  readonly exposition: string
}

/** Milliseconds of one evaluation of all rules, or why they were not measured. */
export async function rulesOfPrometheus({ directory, exprs, exposition }: RulesPeerOptions): Promise<number | string> {
  const binary = findOnPath('prometheus')
  if (!binary) return 'prometheus is not installed'
  const target = createServer((_, response) => response.end(exposition)).listen(0, '127.0.0.1')
  await once(target, 'listening')
  const { port } = target.address() as AddressInfo
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn(
    binary,
    [
      `--config.file=${writeConfig(directory, port, exprs)}`,
      `--storage.tsdb.path=${join(directory, 'tsdb')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const exited = once(child, 'exit')
  const wantedSeries = exposition.split('\n').length - 1
  let fromEvaluation = Number.POSITIVE_INFINITY
  try {
    for (let waitedSeconds = 0; waitedSeconds < 90; waitedSeconds++) {
      await sleep(1000)
      const { series, evaluations, durationSeconds } = await selfTold(`http://${address}/metrics`)
      if (series < wantedSeries) fromEvaluation = evaluations + evaluationsBefore * exprs.length
      else if (evaluations >= fromEvaluation) return durationSeconds * 1000
    }
    return 'Prometheus did not evaluate the rules within 90 s'
  } finally {
    child.kill()
    await exited
    target.close()
  }
}

function writeConfig(directory: string, port: number, exprs: readonly string[]): string {
  mkdirSync(directory, { recursive: true })
  const rules = exprs.map((expr, index) => ({ alert: `Bench${index}`, expr }))
  const group = { name: 'bench', interval: `${everySeconds}s`, rules }
  writeFileSync(join(directory, 'rules.yml'), JSON.stringify({ groups: [group] }))
  const file = join(directory, 'prometheus.yml')
  const config = {
    global: { scrape_interval: '30s', scrape_timeout: '20s' },
    rule_files: ['rules.yml'],
    scrape_configs: [{ job_name: 'bench', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

/** What Prometheus says of itself, as far as it is of interest here; zeros while it does not answer. */
async function selfTold(url: string) {
  const text = await fetch(url).then(
    (reply) => reply.text(),
    () => '',
  )
  const figure = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
  return {
    series: figure('prometheus_tsdb_head_series'),
    evaluations: figure('prometheus_rule_evaluations_total'),
    durationSeconds: figure('prometheus_rule_group_last_duration_seconds'),
  }
}
