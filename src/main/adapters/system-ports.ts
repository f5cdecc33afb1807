/** The ports of the running process: real time, real chance, this machine's files and network. */
import { join } from 'node:path'
import type { Desktop, Ports } from '#main/ports.ts'
import { systemClock, systemTimers } from './clock.ts'
import { fileSecrets } from './file-secrets.ts'
import { createHttp } from './http.ts'
import { systemRandom, timeOrderedIds } from './ids.ts'
import { type LogFile, openLogFile } from './logger.ts'

export interface SystemPorts {
  readonly ports: Ports
  readonly log: LogFile
  /** To be called last: later log lines are lost. */
  close(): Promise<void>
}

/** The log is at level `info` until the configuration has been read. */
export function openSystemPorts(dataDir: string, desktop: (log: LogFile) => Desktop): SystemPorts {
  const log = openLogFile({ directory: join(dataDir, 'logs'), level: 'info' })
  const http = createHttp()
  const ports = {
    clock: systemClock,
    timers: systemTimers,
    ids: timeOrderedIds(systemClock),
    random: systemRandom,
    http,
    desktop: desktop(log),
    logger: log.logger,
    secrets: fileSecrets(join(dataDir, 'secrets')),
  }
  return {
    ports,
    log,
    async close() {
      await http.close()
      log.close()
    },
  }
}
