/** The real world, as both hosts hand it to the console. */
import { join } from 'node:path'
import type { Desktop, Logger, Ports, Secrets } from '#main/ports.ts'
import { openSystemClock, systemTimers } from './clock.ts'
import { fileSecrets } from './file-secrets.ts'
import { createHttp } from './http.ts'
import { systemRandom, timeOrderedIds } from './ids.ts'
import { type LogFile, openLogFile } from './logger.ts'

export interface SystemPorts {
  readonly ports: Ports
  /** For the level from the configuration, and for health. */
  readonly log: LogFile
  /** Ends connections and the log: the last thing a host does. */
  close(): Promise<void>
}

/** Opens the log and nothing else. Secrets are kept in an encrypted file of the data directory unless told otherwise. */
export function openSystemPorts(
  dataDir: string,
  makeDesktop: (logger: Logger) => Desktop,
  secrets: Secrets = fileSecrets(dataDir),
): SystemPorts {
  const log = openLogFile({ directory: join(dataDir, 'logs'), level: 'info' })
  const clock = openSystemClock()
  const http = createHttp()
  const ports: Ports = {
    clock,
    timers: systemTimers,
    ids: timeOrderedIds(clock),
    random: systemRandom,
    http,
    desktop: makeDesktop(log.logger),
    logger: log.logger,
    secrets,
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
