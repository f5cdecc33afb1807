/** Handlers of alerts.*, rules.*, inbox.* and notify.*: translation only. */
import type { Alerting } from '#main/alerts/alerting.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import { abortSignalOf } from './abort-signal.ts'

type AlertHandlers = HandlersOf<'alerts'> & HandlersOf<'rules'> & HandlersOf<'inbox'> & HandlersOf<'notify'>

export function alertHandlers({ alerts, rules, notify }: Alerting): AlertHandlers {
  return {
    'alerts.list': (query) => alerts.list(query),
    'alerts.get': ({ id }) => alerts.get(id),
    'alerts.acknowledge': ({ ids, note, until }, { caller }) => alerts.acknowledge(ids, caller.name, note, until),
    'alerts.unacknowledge': ({ ids }, { caller }) => alerts.unacknowledge(ids, caller.name),
    'alerts.snooze': ({ ids, until }, { caller }) => alerts.snooze(ids, caller.name, until),
    'alerts.unsnooze': ({ ids }, { caller }) => alerts.unsnooze(ids, caller.name),
    'alerts.resolve': ({ ids, note }, { caller }) => alerts.resolve(ids, caller.name, note),
    'rules.list': () => rules.list(),
    'rules.groups': ({ alerts }) => rules.groups(alerts),
    'rules.backtest': (question, { signal }) => rules.backtest(question, abortSignalOf(signal)),
    'rules.save': ({ id, rule }) => rules.save(id, rule),
    'rules.preview': async ({ id, rule }) => ({ files: await rules.preview(id, rule) }),
    'rules.remove': ({ id }) => rules.remove(id),
    'rules.setEnabled': ({ id, enabled }) => rules.setEnabled(id, enabled),
    'rules.test': ({ expr }, { signal }) => rules.test(expr, abortSignalOf(signal)),
    'inbox.list': ({ limit, cursor }) => notify.inbox(limit, cursor),
    'inbox.markRead': async ({ ids }) => ({ unread: await notify.markRead(ids) }),
    'notify.channels': () => notify.channels(),
    'notify.test': ({ channel }, { caller }) => notify.test(channel, caller.name),
    'notify.deliveries': ({ alertId, limit, cursor }) => notify.deliveries(alertId, limit, cursor),
  }
}
