/** Belfry's own log: JSON lines in `<data>/logs/belfry.log`, rotated, level changeable while it runs. */
import { join } from 'node:path'
import { type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino'
import type { LogFields, Logger, LogLevel } from '#main/ports.ts'
import { loggable } from './log-fields.ts'
import { openRotatingFile } from './rotating-file.ts'

export interface LogFile {
  readonly logger: Logger
  readonly path: string
  setLevel(level: LogLevel): void
  /** Why lines cannot be written just now; null when all is well. */
  trouble(): string | null
  /** Later lines are lost: close it last. */
  close(): void
}

const maxBytes = 10 * 1024 * 1024
const files = 5

/** Never throws: a log that cannot be opened keeps lines in memory and tries again. */
export function openLogFile(options: { directory: string; level: LogLevel; maxBytes?: number }): LogFile {
  const path = join(options.directory, 'belfry.log')
  const file = openRotatingFile({
    path,
    maxBytes: options.maxBytes ?? maxBytes,
    files,
    droppedLine: (count) =>
      `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), message: 'log lines were dropped', count })}\n`,
  })
  const root = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    file,
  )
  return {
    logger: loggerOn(root, {}),
    path,
    setLevel(level) {
      root.level = level
    },
    trouble: () => file.trouble(),
    close: () => file.close(),
  }
}

/** Children share the root's level, which pino's own children would not follow. */
function loggerOn(root: PinoLogger, base: LogFields): Logger {
  const write = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (root.isLevelEnabled(level)) root[level](loggable({ ...base, ...fields }), message)
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => loggerOn(root, { ...base, ...fields }),
  }
}
