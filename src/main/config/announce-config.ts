/** Tells screens about changed settings, and the operator about what is wrong in belfry.yaml. */
import type { Events } from '#main/events.ts'
import type { Notices } from '#main/notices.ts'
import type { BelfryConfig } from './config-file.ts'
import type { OpenConfig } from './open-config.ts'

type AnnouncedConfig = Pick<OpenConfig, 'path' | 'nameOf' | 'current' | 'problems' | 'isLastGoodKept' | 'onChange'>

const noticeId = 'configuration'
/** A file with hundreds of problems has one cause; the first few lead to it. */
const mostTold = 5

/** Begins with the problems that are there. Returns what ends it. */
export function announceConfig(config: AnnouncedConfig, events: Events, notices: Notices): () => void {
  let settings = JSON.stringify(config.current().settings)
  const onChange = (changed: BelfryConfig) => {
    tellProblems(config, notices)
    events.emit('config.changed', { problems: config.problems().length, isLastGoodKept: config.isLastGoodKept() })
    const now = JSON.stringify(changed.settings)
    if (now !== settings) events.emit('settings.changed', changed.settings)
    settings = now
  }
  tellProblems(config, notices)
  return config.onChange(onChange)
}

function tellProblems(config: AnnouncedConfig, notices: Notices): void {
  const problems = config.problems()
  const [first] = problems
  if (!first) {
    notices.withdraw(noticeId)
    return
  }
  const told = problems.slice(0, mostTold).map(({ file, line, path, message }) => {
    const elsewhere = file === config.path ? '' : config.nameOf(file)
    const place = [elsewhere, line === null ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ')
    return place === '' ? message : `${place}: ${message}`
  })
  const more = problems.length - told.length
  const isKept = config.isLastGoodKept()
  const title = first.path === '' ? 'The configuration cannot be read' : 'Part of the configuration is not used'
  const kept = isKept ? ['What ran before runs on until this is mended.'] : []
  notices.raise({
    id: noticeId,
    level: isKept || first.path === '' ? 'error' : 'warning',
    title: isKept ? 'The changed configuration is not used' : title,
    message: [...told, ...(more > 0 ? [`and ${more} more`] : []), ...kept].join('\n'),
    source: { file: first.file, line: first.line },
  })
}
