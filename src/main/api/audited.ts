/**
 * Which calls leave a trace in the audit log, and what it says. Whatever needs more than a viewer must be decided here,
 * or it does not compile. A trace is left when the call has succeeded, before it is answered.
 */
import type { Audit, Deed } from '#main/access/audit.ts'
import type { AlertView } from '#shared/contract/alerts.ts'
import type { HandlerInput } from '#shared/contract/define.ts'
import type { BelfryContract, BelfryHandlers, CallName, OutputOf } from '#shared/contract/index.ts'
import type { SettingsPatch } from '#shared/contract/settings.ts'

type Calls = BelfryContract['calls']
type PrivilegedCall = { [K in CallName]: Calls[K]['role'] extends 'wall' | 'viewer' ? never : K }[CallName]
type Rules = {
  readonly [K in PrivilegedCall]: 'untold' | ((done: OutputOf<K>, asked: HandlerInput<Calls[K]>) => readonly Deed[])
}

const rules: Rules = {
  'checks.save': ({ id, name, kind }, asked) => [deed(changed('check', asked.id), id, { name, kind })],
  'checks.remove': ({ id, draft }) => [deed('check.removed', id, { name: draft.name, kind: draft.kind })],
  'checks.setEnabled': (checks, { enabled }) =>
    checks.map(({ id, name }) => deed(enabled ? 'check.resumed' : 'check.paused', id, { name })),
  'collectors.save': ({ id, name, kind }, asked) => [deed(changed('collector', asked.id), id, { name, kind })],
  'collectors.remove': ({ id, draft }) => [deed('collector.removed', id, { name: draft.name, kind: draft.kind })],
  'collectors.setEnabled': (collectors, { enabled }) =>
    collectors.map(({ id, name }) => deed(enabled ? 'collector.resumed' : 'collector.paused', id, { name })),
  'alerts.acknowledge': (alerts, { note, until }) => ofEach(alerts, 'alert.acknowledged', { note, until }),
  'alerts.unacknowledge': (alerts) => ofEach(alerts, 'alert.unacknowledged'),
  'alerts.snooze': (alerts, { until }) => ofEach(alerts, 'alert.snoozed', { until }),
  'alerts.unsnooze': (alerts) => ofEach(alerts, 'alert.unsnoozed'),
  'alerts.resolve': (alerts, { note }) => ofEach(alerts, 'alert.resolved', { note }),
  'checks.editMany': ({ checks }, { change, isPreview }) =>
    isPreview ? [] : checks.map(({ id, name }) => deed('check.changed', id, { name, change: JSON.stringify(change) })),
  'config.undo': ({ id, summary }) => [deed('config.undone', id, { summary })],
  'secrets.set': ({ name, isNew }) => [deed(isNew ? 'secret.stored' : 'secret.replaced', name, {})],
  'secrets.remove': ({ name }) => [deed('secret.removed', name, {})],
  'rules.save': ({ id, rule }, asked) => [
    deed(changed('rule', asked.id), id, { alert: rule.alert, expr: rule.expr, forMs: rule.forMs }),
  ],
  'rules.remove': ({ rule }, { id }) => [deed('rule.removed', id, { alert: rule.alert, expr: rule.expr })],
  'rules.setEnabled': ({ id, rule }, { enabled }) => [
    deed(enabled ? 'rule.enabled' : 'rule.disabled', id, { alert: rule.alert }),
  ],
  'settings.save': (_, { patch }) => [deed('settings.changed', '', settingsIn(patch))],
  'walls.save': ({ name }, asked) => [deed(changed('wall', asked.name), name, {})],
  'walls.remove': ({ name, title }) => [deed('wall.removed', name, { title })],
  'scrape.add': ({ file }, { address, job }) => [deed('target.added', job, { address: withoutUser(address), file })],
  'walls.show': (_, { display, name }) => [deed('wall.shown', name ?? '', { display })],
  'dashboards.save': ({ board, revision }) => [deed('dashboard.changed', board.uid, { title: board.title, revision })],
  'dashboards.create': ({ board }) => [deed('dashboard.created', board.uid, { title: board.title })],
  'dashboards.duplicate': ({ board }, { uid }) => [
    deed('dashboard.created', board.uid, { title: board.title, copyOf: uid }),
  ],
  'dashboards.remove': ({ uid, title, shipped }) => [
    deed(shipped ? 'dashboard.reset' : 'dashboard.removed', uid, { title }),
  ],
  'dashboards.restore': ({ board }, { revision }) => [
    deed('dashboard.restored', board.uid, { title: board.title, revision }),
  ],
  'backup.remove': (_, { id }) => [deed('backup.removed', id, {})],
  'backup.restore': (_, { id, withConfiguration }) => [deed('backup.chosenForRestore', id, { withConfiguration })],
  'backup.cancelRestore': () => [deed('backup.restoreCancelled', '', {})],
  'backup.create': () => [deed('backup.asked', '', {})],
  'console.restart': () => [deed('console.restarted', '', {})],
  'audit.export': (_, { format, cursor }) => (cursor === null ? [deed('audit.exported', '', { format })] : []),
  'config.exportAll': ({ files }) => [deed('config.exported', '', { files: files.length })],
  // Noted in the same unit of work as the change itself; see access/tokens.ts.
  'walls.link': 'untold',
  'tokens.create': 'untold',
  'tokens.revoke': 'untold',
  // These change nothing that is kept but what they measured or showed.
  'audit.list': 'untold',
  'backup.cancel': 'untold',
  'backup.preview': 'untold',
  'backup.status': 'untold',
  'backup.verify': 'untold',
  'console.dismissNotice': 'untold',
  'dashboards.import': 'untold',
  'doctor.examine': 'untold',
  'audit.verify': 'untold',
  'checks.definition': 'untold',
  'config.edits': 'untold',
  'config.preview': 'untold',
  'rules.preview': 'untold',
  'config.source': 'untold',
  'secrets.list': 'untold',
  'collectors.definition': 'untold',
  'collectors.detect': 'untold',
  'collectors.run': 'untold',
  'collectors.try': 'untold',
  'checks.run': 'untold',
  'checks.try': 'untold',
  'inbox.markRead': 'untold',
  'notify.test': 'untold',
  'tokens.list': 'untold',
  'scrape.scrapeNow': 'untold',
  'scrape.reload': 'untold',
  'scrape.try': 'untold',
}

/** An address as it may be shown. */
const withoutUser = (address: string) => address.replace(/\/\/[^/?#]*@/, '//')

/** The same handlers; those that change something note it under their caller's name. */
export function audited(handlers: BelfryHandlers, audit: Audit): BelfryHandlers {
  // Object.keys is typed by its widest case; the rules' keys are names of calls.
  const names = Object.keys(rules) as PrivilegedCall[]
  const noting = names.map((name) => [name, notingOf(name, handlers, audit)] as const)
  // Each handler stands under its own name again.
  return { ...handlers, ...Object.fromEntries(noting) } as BelfryHandlers
}

function notingOf<K extends PrivilegedCall>(name: K, handlers: BelfryHandlers, audit: Audit): BelfryHandlers[K] {
  const handle = handlers[name]
  const deedsOf: Rules[K] = rules[name]
  if (typeof deedsOf === 'string') return handle
  const noting: Handler<K> = async (input, context) => {
    // A handler's type is that of its name, which the compiler loses over a union of names.
    const done = await (handle as Handler<K>)(input, context)
    await audit.note(context.caller.name, deedsOf(done, input))
    return done
  }
  return noting as BelfryHandlers[K]
}

type Handler<K extends CallName> = (
  input: HandlerInput<Calls[K]>,
  context: Parameters<BelfryHandlers[K]>[1],
) => Promise<OutputOf<K>> | OutputOf<K>

function deed(action: string, subject: string, detail: Deed['detail']): Deed {
  return { action, subject, detail }
}

function ofEach(alerts: readonly AlertView[], action: string, detail: Deed['detail'] = {}): Deed[] {
  return alerts.map(({ id, rule }) => deed(action, id, { rule, ...detail }))
}

const changed = (what: 'check' | 'collector' | 'rule' | 'wall', id: string | null) =>
  `${what}.${id === null ? 'created' : 'changed'}`

/** Each setting that was given, by its path, such as `storage.rawDays`. */
function settingsIn(patch: SettingsPatch): Deed['detail'] {
  const detail: Record<string, Deed['detail'][string]> = {}
  for (const [section, value] of Object.entries(patch)) {
    const fields = typeof value === 'object' ? value : { '': value }
    for (const [name, field] of Object.entries(fields)) {
      if (field !== undefined) detail[name === '' ? section : `${section}.${name}`] = field
    }
  }
  return detail
}
