/** Rules as they are evaluated: group by group in order, recording rules among them. */
import type { RuleGroupView } from '#shared/contract/alerts.ts'
import { useCall } from '../../client/use-call.ts'
import { formatAgo, formatDuration } from '../../format/duration.ts'
import { formatCount } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { Link } from '../../navigation/link.tsx'
import { Badge } from '../../ui/badge.tsx'
import { cx } from '../../ui/class-names.ts'
import { Answer, EmptyState } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { originWords, ruleHealthWords } from './alert-words.ts'
import { ruleHealthMarks } from './rule-health.ts'
import { groupsMatching } from './rule-order.ts'
import css from './rules-tab.module.css'

export function RuleGroups({ text }: { readonly text: string }) {
  const groups = useCall(
    'rules.groups',
    {},
    { on: { 'rules.changed': 'refetch' }, atMostEveryMs: 1000, everyMs: 15_000 },
  )
  return (
    <Answer of={groups} what="Groups">
      {(all) => {
        const shown = groupsMatching(all, text)
        if (shown.length === 0) return <EmptyState title="No group matches">None has these words.</EmptyState>
        return (
          <div className={cx(css['groups'])}>
            {shown.map((group) => (
              <Group key={group.id} group={group} />
            ))}
          </div>
        )
      }}
    </Answer>
  )
}

function Group({ group }: { readonly group: RuleGroupView }) {
  const now = useNow()
  const { name, file, origin, everyMs, limit, queryOffsetMs, lastEvaluatedAt, lastDurationMs, skipped, rules } = group
  const facts = [
    `${originWords[origin]}, ${file}`,
    `every ${formatDuration(everyMs)}`,
    lastEvaluatedAt === null ? 'not evaluated yet' : `evaluated ${formatAgo(lastEvaluatedAt, now)}`,
    ...(lastDurationMs === null ? [] : [`took ${formatDuration(lastDurationMs)}`]),
    ...(limit > 0 ? [`at most ${formatCount(limit)} series`] : []),
    ...(queryOffsetMs > 0 ? [`as of ${formatDuration(queryOffsetMs)} ago`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} evaluations skipped`] : []),
  ]
  return (
    <section className={cx(css['group'])} aria-label={`Group ${name}`}>
      <h3>
        {name}
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </h3>
      <Table label={`Rules of ${name}`}>
        <thead>
          <tr>
            <HeaderCell width={92}>Kind</HeaderCell>
            <HeaderCell width={260}>Name</HeaderCell>
            <HeaderCell>Expression</HeaderCell>
            <HeaderCell isNumber width={110}>
              Finds
            </HeaderCell>
            <HeaderCell width={120}>Evaluation</HeaderCell>
            <HeaderCell isNumber width={72}>
              Took
            </HeaderCell>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <GroupedRule key={rule.id} rule={rule} />
          ))}
        </tbody>
      </Table>
    </section>
  )
}

function GroupedRule({ rule }: { readonly rule: RuleGroupView['rules'][number] }) {
  const { health, problem, lastDurationMs } = rule
  const expr = rule.type === 'alert' ? rule.rule.expr : rule.expr
  const isOff = rule.type === 'alert' && !rule.enabled
  return (
    <Row className={cx(isOff && css['off'])}>
      <Cell isMuted>{rule.type === 'alert' ? 'Alert' : 'Recording'}</Cell>
      <Cell isCut title={rule.type === 'alert' ? rule.rule.alert : rule.record}>
        {rule.type === 'alert' ? (
          <Link to="rule" params={{ id: rule.id }} className={cx(css['name'])}>
            {rule.rule.alert}
          </Link>
        ) : (
          <code>{rule.record}</code>
        )}
      </Cell>
      <Cell isCut isMuted title={expr}>
        <code>{expr}</code>
        {health === 'error' && problem !== null && (
          <p className={cx(css['lastError'])} title={problem}>
            {problem}
          </p>
        )}
      </Cell>
      <Cell isNumber>
        {rule.type === 'alert' && (
          <>
            {rule.firing > 0 && <Badge tone="down">{rule.firing} firing</Badge>}{' '}
            {rule.pending > 0 && <Badge>{rule.pending} pending</Badge>}
          </>
        )}
      </Cell>
      <Cell title={problem ?? ''}>
        {isOff ? 'off' : <StateMark state={ruleHealthMarks[health]} word={ruleHealthWords[health]} />}
      </Cell>
      <Cell isNumber isMuted>
        {lastDurationMs === null ? '' : formatDuration(lastDurationMs)}
      </Cell>
    </Row>
  )
}
