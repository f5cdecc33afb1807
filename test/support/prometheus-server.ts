/** Debian's Prometheus on a port of its own, empty and taking remote writes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from './free-port.ts'

const binary = '/usr/bin/prometheus'

/** Package: prometheus. */
export const hasPrometheus = existsSync(binary)

export interface PrometheusServer {
  /** Without a slash at the end. */
  readonly url: string
  stop(): Promise<void>
}

export async function startPrometheus(): Promise<PrometheusServer> {
  const directory = await mkdtemp(join(tmpdir(), 'belfry-prometheus-'))
  const config = join(directory, 'prometheus.yml')
  await writeFile(config, 'global: { evaluation_interval: 1m }\n')
  const url = `http://127.0.0.1:${await freePort()}`
  const child = spawn(
    binary,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill()
    await exited
    await rm(directory, { recursive: true })
  }
  for (let attempt = 0; attempt < 300; attempt++) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return { url, stop }
    await pause(100)
  }
  await stop()
  throw new Error('Prometheus was not ready within 30 s')
}
