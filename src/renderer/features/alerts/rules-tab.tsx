/** What is watched: every rule with where it comes from, how its evaluation goes and what it finds. */
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { RuleView } from '#shared/contract/alerts.ts'
import { Severity } from '#shared/contract/common.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatAgo, formatDuration } from '../../format/duration.ts'
import { useNow } from '../../format/use-now.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { navigate } from '../../navigation/location.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Segmented, Switch } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, type Sort, Table } from '../../ui/table.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import { originWords, ruleHealthWords } from './alert-words.ts'
import { RuleGroups } from './rule-groups.tsx'
import { ruleHealthMarks } from './rule-health.ts'
import { type RuleColumn, rulesMatching, sortRules } from './rule-order.ts'
import css from './rules-tab.module.css'

export function RulesTab() {
  const rules = useCall(
    'rules.list',
    {},
    { on: { 'rules.changed': 'refetch', 'alerts.changed': 'refetch' }, atMostEveryMs: 1000, everyMs: 30_000 },
  )
  const [text, setText] = useState('')
  const [sort, setSort] = useState<Sort<RuleColumn>>({ column: 'firing', isDescending: true })
  const [grouping, setGrouping] = useState<'rules' | 'groups'>('rules')
  const words = useDeferredValue(text)
  const search = useRef<HTMLInputElement>(null)
  const shown = useMemo(() => sortRules(rulesMatching(rules.data ?? [], words), sort), [rules.data, words, sort])
  useKeys('Rules', [
    { keys: '/', title: 'Filter', run: () => search.current?.focus() },
    { keys: 'v', title: 'Rules or groups', run: () => setGrouping(grouping === 'rules' ? 'groups' : 'rules') },
    { keys: 'n', title: 'New rule', run: () => navigate('ruleNew') },
  ])
  return (
    <Panel isPadded={false}>
      <search className={cx(css['bar'])}>
        <div className={cx(css['search'])}>
          <SearchField
            label="Filter rules"
            placeholder="Name, expression or label   /"
            value={text}
            onChange={setText}
            inputRef={search}
          />
        </div>
        <Segmented
          label="Show"
          isLabelHidden
          options={[
            { id: 'rules', label: 'Alerting rules' },
            { id: 'groups', label: 'Groups' },
          ]}
          value={grouping}
          onChange={setGrouping}
        />
        <StaleBadge of={rules} />
      </search>
      {grouping === 'groups' && <RuleGroups text={words} />}
      <Answer of={rules} what="Rules">
        {(all) =>
          grouping === 'groups' ? null : shown.length === 0 ? (
            <EmptyState
              title={all.length === 0 ? 'There is no rule' : 'No rule matches'}
              action={<Button onPress={() => navigate('ruleNew')}>New rule</Button>}
            >
              {all.length === 0 ? 'Without rules nothing can ring.' : `None of ${all.length} rules has these words.`}
            </EmptyState>
          ) : (
            <Table label="Rules">
              <thead>
                <tr>
                  <HeaderCell width={64}>On</HeaderCell>
                  <HeaderCell column="name" sort={sort} onSort={setSort} width={240}>
                    Rule
                  </HeaderCell>
                  <HeaderCell column="severity" sort={sort} onSort={setSort} width={100}>
                    Severity
                  </HeaderCell>
                  <HeaderCell>Expression</HeaderCell>
                  <HeaderCell isNumber width={80}>
                    For
                  </HeaderCell>
                  <HeaderCell column="firing" sort={sort} onSort={setSort} isNumber width={110}>
                    Finds
                  </HeaderCell>
                  <HeaderCell column="health" sort={sort} onSort={setSort} width={120}>
                    Evaluation
                  </HeaderCell>
                  <HeaderCell isNumber width={96}>
                    Evaluated
                  </HeaderCell>
                  <HeaderCell isNumber width={72}>
                    Took
                  </HeaderCell>
                  <HeaderCell column="origin" sort={sort} onSort={setSort} width={84}>
                    From
                  </HeaderCell>
                </tr>
              </thead>
              <tbody>
                {shown.map((view) => (
                  <RuleRow key={view.id} view={view} />
                ))}
              </tbody>
            </Table>
          )
        }
      </Answer>
    </Panel>
  )
}

function RuleRow({ view }: { readonly view: RuleView }) {
  const { id, rule, origin, file, group, enabled, health, problem, firing, pending } = view
  const now = useNow()
  const mayOperate = useMay('operator')
  const setEnabled = useCommand('rules.setEnabled')
  const toggle = async (isOn: boolean) => {
    if (!(await setEnabled.run({ id, enabled: isOn }))) return toastFailure(`"${rule.alert}" could not be changed.`)
    toast(`"${rule.alert}" is ${isOn ? 'on' : 'off'}.`, () => void setEnabled.run({ id, enabled: !isOn }))
  }
  const severity = Severity.safeParse(rule.labels['severity'])
  return (
    <Row className={cx(!enabled && css['off'])}>
      <Cell className={cx(css['switch'])}>
        <Switch
          label={`${rule.alert} is on`}
          isLabelHidden
          isOn={enabled}
          isDisabled={!mayOperate}
          onChange={(isOn) => void toggle(isOn)}
        />
      </Cell>
      <Cell isCut title={`${file}, group ${group}`}>
        <Link to="rule" params={{ id }} className={cx(css['name'])}>
          {rule.alert}
        </Link>
      </Cell>
      <Cell>{severity.success ? <StateMark state={severity.data} /> : (rule.labels['severity'] ?? '')}</Cell>
      <Cell isCut isMuted title={rule.expr}>
        <code>{rule.expr}</code>
        {enabled && health === 'error' && problem !== null && (
          <p className={cx(css['lastError'])} title={problem}>
            {problem}
          </p>
        )}
      </Cell>
      <Cell isNumber isMuted>
        {rule.forMs === 0 ? '' : formatDuration(rule.forMs)}
      </Cell>
      <Cell isNumber>
        {firing > 0 && <Badge tone="down">{firing} firing</Badge>} {pending > 0 && <Badge>{pending} pending</Badge>}
      </Cell>
      <Cell
        title={
          problem ??
          (view.lastEvaluatedAt === null ? 'Not evaluated yet' : `Evaluated ${formatAgo(view.lastEvaluatedAt, now)}`)
        }
      >
        {enabled ? <StateMark state={ruleHealthMarks[health]} word={ruleHealthWords[health]} /> : ''}
      </Cell>
      <Cell isNumber isMuted>
        {view.lastEvaluatedAt === null ? '' : formatAgo(view.lastEvaluatedAt, now)}
      </Cell>
      <Cell isNumber isMuted>
        {view.lastDurationMs === null ? '' : formatDuration(view.lastDurationMs)}
      </Cell>
      <Cell isMuted>{originWords[origin]}</Cell>
    </Row>
  )
}
