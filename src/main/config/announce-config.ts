/** Tells screens about changed settings, and the operator about what is wrong in belfry.yaml. */
import type { Events } from '#main/events.ts'
import type { Notices } from '#main/notices.ts'
import type { BelfryConfig, ConfigFile } from './config-file.ts'

const noticeId = 'configuration'
/** A file with hundreds of problems has one cause; the first few lead to it. */
const mostTold = 5

/** Begins with the problems that are there. Returns what ends it. */
export function announceConfig(config: ConfigFile, events: Events, notices: Notices): () => void {
  let settings = JSON.stringify(config.current().settings)
  const onChange = (changed: BelfryConfig) => {
    tellProblems(config, notices)
    const now = JSON.stringify(changed.settings)
    if (now !== settings) events.emit('settings.changed', changed.settings)
    settings = now
  }
  tellProblems(config, notices)
  return config.onChange(onChange)
}

function tellProblems(config: ConfigFile, notices: Notices): void {
  const problems = config.problems()
  const [first] = problems
  if (!first) {
    notices.withdraw(noticeId)
    return
  }
  const told = problems.slice(0, mostTold).map(({ line, path, message }) => {
    const place = [line === null ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ')
    return place === '' ? message : `${place}: ${message}`
  })
  const more = problems.length - told.length
  notices.raise({
    id: noticeId,
    level: first.path === '' ? 'error' : 'warning',
    title: first.path === '' ? 'The configuration cannot be read' : 'Part of the configuration is not used',
    message: [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    source: { file: first.file, line: first.line },
  })
}
