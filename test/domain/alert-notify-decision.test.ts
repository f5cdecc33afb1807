import { describe, expect, it } from 'vitest'
import { suppressionOf, type Telling, type TellingPolicy } from '#shared/domain/notify-decision.ts'

const at = 1_000_000
const minute = 60_000
const fired: Telling = {
  event: 'fired',
  severity: 'warning',
  firingToldAt: null,
  acknowledgement: null,
  snoozedUntil: null,
  lastToldAt: null,
  cooldownMs: 15 * minute,
  supersededBy: null,
}
const resolved: Telling = { ...fired, event: 'resolved', firingToldAt: at - minute }
const policy: TellingPolicy = { leastSeverity: 'info', resolved: true, quiet: null }
const quiet: TellingPolicy = { ...policy, quiet: { until: at + 60 * minute, except: 'critical' } }
const held = (until: number | null) => ({ by: 'anna', at: at - 1, until })

describe('deciding whether to tell', () => {
  it.each<[string, Telling, TellingPolicy, string | null, number | null]>([
    ['tells what fires', fired, policy, null, null],
    ['tells what was told and is over', resolved, policy, null, null],
    [
      'does not tell the end of what was not told',
      { ...resolved, firingToldAt: null },
      policy,
      'resolved-untold',
      null,
    ],
    ['leaves out the end where nobody wants it', resolved, { ...policy, resolved: false }, 'resolved-unwanted', null],
    ['leaves out what is too mild', fired, { ...policy, leastSeverity: 'error' }, 'severity', null],
    ['tells what is just severe enough', fired, { ...policy, leastSeverity: 'warning' }, null, null],
    ['leaves out what a worse rule tells', { ...fired, supersededBy: 'DiskFull' }, policy, 'superseded', null],
    [
      'tells the end of what was told before the worse rule fired',
      { ...resolved, supersededBy: 'DiskFull' },
      policy,
      null,
      null,
    ],
    ['leaves out what somebody holds', { ...fired, acknowledgement: held(null) }, policy, 'acknowledged', null],
    ['tells when the hold has lapsed', { ...fired, acknowledgement: held(at) }, policy, null, null],
    ['tells the end of what somebody holds', { ...resolved, acknowledgement: held(null) }, policy, null, null],
    ['leaves out what is snoozed', { ...fired, snoozedUntil: at + 1 }, policy, 'snoozed', at + 1],
    ['tells when the snooze is over', { ...fired, snoozedUntil: at }, policy, null, null],
    ['holds back what is mild in quiet hours', fired, quiet, 'quiet', at + 60 * minute],
    ['tells what is grave in quiet hours', { ...fired, severity: 'critical' }, quiet, null, null],
    ['tells in quiet hours what is over', resolved, quiet, null, null],
    ['leaves out what was told lately', { ...fired, lastToldAt: at - minute }, policy, 'cooldown', at + 14 * minute],
    ['tells when the cooldown is over', { ...fired, lastToldAt: at - 15 * minute }, policy, null, null],
    ['does not cool down from the future', { ...fired, lastToldAt: at + 1 }, policy, null, null],
    ['does not hold back the end for a cooldown', { ...resolved, lastToldAt: at - 1 }, policy, null, null],
  ])('%s', (_name, telling, wishes, reason, until) => {
    const suppression = suppressionOf(telling, wishes, at)
    expect(suppression?.reason ?? null).toBe(reason)
    expect(suppression?.until ?? null).toBe(until)
  })
})
