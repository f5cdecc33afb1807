/** Writing a rule: its expression with what it finds right now beside it, how long it must hold, and what it says. */
import { Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { RuleView } from '#shared/contract/alerts.ts'
import type { Issue } from '#shared/contract/errors.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { navigate } from '../../navigation/location.ts'
import { TimeRangePicker } from '../../time-range/time-range-picker.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Select, TextField } from '../../ui/fields.tsx'
import { FormColumn, FormColumns, FormStack } from '../../ui/form/form-layout.tsx'
import { issuesAt, issuesElsewhere, type JsonObject, sameJson } from '../../ui/form/form-value.ts'
import { useLeaveGuard } from '../../ui/form/leave-guard.tsx'
import { SchemaForm } from '../../ui/form/schema-form.tsx'
import { useFocusProblem } from '../../ui/form/use-focus-problem.ts'
import { Panel, ScreenHeader } from '../../ui/panel.tsx'
import { ProblemBox } from '../../ui/problem-box.tsx'
import { attempted, toast } from '../../ui/toasts.ts'
import { severities } from './alert-order.ts'
import { severityWords } from './alert-words.ts'
import { BacktestPanel } from './backtest-panel.tsx'
import { RuleDifference } from './rule-difference.tsx'
import {
  emptyRule,
  entryOf,
  further,
  furtherFields,
  readRule,
  timingFields,
  withFurther,
  withText,
} from './rule-draft.ts'
import { RuleExpression } from './rule-expression.tsx'
import css from './rule-form.module.css'
import { RulePreview } from './rule-preview.tsx'
import { RuleTrial } from './rule-trial.tsx'

/** `view` null: a new rule, of the expression `expr` where one was brought along. */
export function RuleForm({ view, expr = '' }: { readonly view: RuleView | null; readonly expr?: string }) {
  const client = useClient()
  const mayOperate = useMay('operator')
  const [start] = useState<JsonObject>(() => (view ? { ...view.rule } : { ...emptyRule, expr }))
  const [value, setValue] = useState(start)
  const [ownIssues, setOwnIssues] = useState<readonly Issue[]>([])
  const saving = useCommand('rules.save')
  const isChanged = !sameJson(value, start)
  const guard = useLeaveGuard(isChanged)
  const draft = readRule(value)
  // A rule that is not ours is replaced by an own one of the same name.
  const ownId = view?.origin === 'own' ? view.id : null

  const change = (next: JsonObject) => {
    setValue(next)
    setOwnIssues([])
    saving.clear()
  }
  const save = async () => {
    const read = readRule(value)
    if (!read.ok) return setOwnIssues(read.issues)
    const saved = await saving.run({ id: ownId, rule: read.rule })
    if (!saved) return
    guard.release()
    navigate('rules')
    const before = readRule(start)
    toast(`Saved "${saved.rule.alert}".`, () =>
      attempted(() =>
        ownId !== null && before.ok
          ? client.call('rules.save', { id: saved.id, rule: before.rule })
          : client.call('rules.remove', { id: saved.id }),
      ),
    )
  }
  const remove = async () => {
    if (ownId === null) return
    const removed = await attempted(() => client.call('rules.remove', { id: ownId }))
    if (!removed) return
    guard.release()
    navigate('rules')
    toast(`Removed "${removed.rule.alert}".`, () =>
      attempted(() => client.call('rules.save', { id: null, rule: removed.rule })),
    )
  }
  useKeys('Rule', [{ keys: 'mod+s', title: 'Save', run: () => void save() }], mayOperate)

  const issues = [...ownIssues, ...inDraft(saving.failure?.issues ?? [])]
  const root = useRef<HTMLFormElement>(null)
  useFocusProblem(root, issues)
  const problemAt = (path: string) => issuesAt(issues, path).join(' ') || null
  const stray = issuesElsewhere(issues, ['alert', 'expr', 'forMs', 'keepFiringForMs', 'labels', 'annotations'])
  const text = (name: 'alert' | 'expr') => (typeof value[name] === 'string' ? value[name] : '')
  const severity = severities.find((one) => one === entryOf(value, 'labels', 'severity')) ?? null
  return (
    <form
      ref={root}
      className={cx(css['screen'])}
      aria-label={view ? `Rule ${view.rule.alert}` : 'New rule'}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <ScreenHeader
        title={view ? view.rule.alert : 'New rule'}
        note={view && originNote(view)}
        actions={
          <>
            <TimeRangePicker />
            {ownId !== null && mayOperate && (
              <Button icon={Trash2} onPress={remove}>
                Remove
              </Button>
            )}
            <Button variant="quiet" onPress={() => navigate('rules')}>
              Cancel
            </Button>
            <Button variant="primary" type="submit" isPending={saving.isRunning} isDisabled={!mayOperate}>
              {view && ownId === null ? 'Save as own rule' : 'Save'}
            </Button>
          </>
        }
      />
      {(saving.failure || stray.length > 0) && (
        <ProblemBox role="alert">
          {saving.failure && <p>{saving.failure.message}</p>}
          {stray.map(({ path, message }) => (
            <p key={path}>
              {path}: {message}
            </p>
          ))}
        </ProblemBox>
      )}
      {view?.problem && <ProblemBox role="status">{view.problem}</ProblemBox>}
      <FormColumns isEven>
        <FormColumn>
          <Panel title="Condition">
            <FormStack isDense>
              <TextField
                label="Name"
                isRequired
                value={text('alert')}
                onChange={(alert) => change({ ...value, alert })}
                problem={problemAt('alert')}
                placeholder="DiskAlmostFull"
                autoFocus={view === null}
              />
              <RuleExpression
                expr={text('expr')}
                isNew={view === null}
                onChange={(expr) => change({ ...value, expr })}
                onSubmit={() => void save()}
                problem={problemAt('expr')}
              />
              <SchemaForm fields={timingFields} value={value} onChange={change} issues={issues} path="" />
              <Select
                label="Severity"
                options={severities.map((id) => ({ id, label: severityWords[id] }))}
                value={severity}
                onChange={(chosen) => change(withText(value, 'labels', 'severity', chosen))}
                problem={problemAt('labels.severity')}
              />
            </FormStack>
          </Panel>
          <Panel title="What it says">
            <FormStack isDense>
              <TextField
                label="Summary"
                hint="The line in lists and notifications. {{ $labels.instance }} and {{ $value }} are filled in."
                value={entryOf(value, 'annotations', 'summary')}
                onChange={(next) => change(withText(value, 'annotations', 'summary', next))}
                problem={problemAt('annotations.summary')}
              />
              <TextField
                label="Description"
                lines={3}
                value={entryOf(value, 'annotations', 'description')}
                onChange={(next) => change(withText(value, 'annotations', 'description', next))}
                problem={problemAt('annotations.description')}
              />
              <TextField
                label="Runbook"
                type="url"
                placeholder="https://"
                value={entryOf(value, 'annotations', 'runbook_url')}
                onChange={(next) => change(withText(value, 'annotations', 'runbook_url', next))}
                problem={problemAt('annotations.runbook_url')}
              />
              <SchemaForm
                fields={furtherFields}
                value={further(value)}
                onChange={(next) => change(withFurther(value, next))}
                issues={issues}
                path=""
              />
            </FormStack>
          </Panel>
        </FormColumn>
        <FormColumn>
          <RulePreview expr={text('expr')} />
          <BacktestPanel
            expr={text('expr')}
            forMs={durationOf(value['forMs'])}
            keepFiringForMs={durationOf(value['keepFiringForMs'])}
            everyMs={view?.everyMs ?? newRuleEveryMs}
          />
          <RuleTrial expr={text('expr')} />
        </FormColumn>
      </FormColumns>
      {mayOperate && isChanged && draft.ok && <RuleDifference id={ownId} rule={draft.rule} />}
      {guard.question}
    </form>
  )
}

/** What new rules are evaluated at: their group says nothing else. */
const newRuleEveryMs = 15_000

const durationOf = (value: JsonObject[string] | undefined) => (typeof value === 'number' && value > 0 ? value : 0)

function originNote({ origin, file, group }: RuleView): string {
  switch (origin) {
    case 'own':
      return `own rule, group ${group}`
    case 'preset':
      return 'shipped with Belfry; saving makes an own rule that takes its place'
    case 'file':
      return `from ${file}, group ${group}; saving makes an own rule that takes its place`
  }
}

/** The console names paths from the call's input on; the form begins at the rule. */
function inDraft(issues: readonly Issue[]): readonly Issue[] {
  return issues.map(({ path, message }) => ({ path: path.replace(/^rule\./, ''), message }))
}
