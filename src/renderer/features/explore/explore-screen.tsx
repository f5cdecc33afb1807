/** Asks history anything: expressions, their lines over the range of all screens, and their values now. */
import { BellPlus, History, LayoutDashboard, Link2, Play, Plus, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { navigate, replaceQuery, usePlace } from '../../navigation/location.ts'
import { rangeText } from '../../time-range/range-expression.ts'
import { useRangeStore } from '../../time-range/range-store.ts'
import { TimeRangePicker } from '../../time-range/time-range-picker.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Menu } from '../../ui/menu.tsx'
import { Panel, ScreenHeader } from '../../ui/panel.tsx'
import { EmptyState } from '../../ui/placeholder.tsx'
import { PromqlEditor } from '../../ui/promql-editor/promql-editor.tsx'
import { toast } from '../../ui/toasts.ts'
import { addressOf, askedBefore, expressionsIn, forgetAsked, mostExpressions, remember } from './asked-expressions.ts'
import css from './explore.module.css'
import { ExploreAnswer } from './explore-answer.tsx'
import { useAddressedRange } from './use-addressed-range.ts'

interface Row {
  readonly id: number
  readonly text: string
}

const refIds = 'ABCDEF'

export function ExploreScreen() {
  const place = usePlace()
  const query = place?.query.toString() ?? ''
  const asked = useMemo(() => expressionsIn(new URLSearchParams(query)).filter((expr) => expr.trim() !== ''), [query])
  const [rows, setRows] = useState<readonly Row[]>(() =>
    expressionsIn(new URLSearchParams(query)).map((text, id) => ({ id, text })),
  )
  const isOperator = useMay('operator')
  const expression = useRangeStore((store) => store.expression)
  useAddressedRange(new URLSearchParams(query).get('range'))
  const texts = rows.map(({ text }) => text)
  const written = texts.filter((text) => text.trim() !== '')
  const isChanged = JSON.stringify(written) !== JSON.stringify(asked)

  const run = () => {
    remember(written)
    replaceQuery(addressOf(written))
  }
  const change = (id: number, text: string) =>
    setRows((before) => before.map((row) => (row.id === id ? { ...row, text } : row)))
  const add = (text = '') =>
    setRows((before) => [...before, { id: Math.max(-1, ...before.map(({ id }) => id)) + 1, text }])
  const takeUp = (text: string) => {
    const free = rows.find((row) => row.text.trim() === '')
    if (free) change(free.id, text)
    else if (rows.length < mostExpressions) add(text)
    else change(rows.at(-1)?.id ?? 0, text)
  }
  const remove = (id: number) => {
    const left = rows.filter((row) => row.id !== id)
    setRows(left.length > 0 ? left : [{ id: 0, text: '' }])
    const texts = left.map(({ text }) => text).filter((text) => text.trim() !== '')
    replaceQuery(addressOf(texts))
  }
  const copyLink = async () => {
    const link = new URL(location.href)
    const [path = '', search = ''] = link.hash.split('?')
    const parameters = new URLSearchParams(search)
    parameters.set('range', rangeText(expression))
    link.hash = `${path}?${parameters}`
    await navigator.clipboard.writeText(link.href)
    toast('Copied a link to these expressions and this range.')
  }
  useKeys('Explore', [
    { keys: 'mod+Enter', title: 'Ask', run },
    { keys: 'y', title: 'Copy the link', run: () => void copyLink() },
  ])

  const history = askedBefore()
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Explore"
        note="Ask in PromQL"
        actions={
          <>
            <Button size="small" icon={Link2} isDisabled={asked.length === 0} onPress={() => void copyLink()}>
              Copy link
            </Button>
            {isOperator && (
              <>
                <Button
                  size="small"
                  icon={LayoutDashboard}
                  isDisabled={written.length === 0}
                  onPress={() => navigate('dashboards', {}, { add: JSON.stringify(written) })}
                >
                  Add to dashboard
                </Button>
                <Button
                  size="small"
                  icon={BellPlus}
                  isDisabled={written.length === 0}
                  onPress={() => navigate('ruleNew', {}, { expr: written[0] ?? '' })}
                >
                  Make a rule
                </Button>
              </>
            )}
            <TimeRangePicker />
          </>
        }
      />
      <Panel isPadded={false}>
        <ol className={cx(css['rows'])}>
          {rows.map((row, index) => (
            <li key={row.id} className={cx(css['row'])}>
              <span className={cx(css['letter'])} aria-hidden>
                {refIds[index]}
              </span>
              <PromqlEditor
                value={row.text}
                onChange={(text) => change(row.id, text)}
                onSubmit={run}
                ariaLabel={`Expression ${refIds[index]}`}
                placeholder="rate(node_cpu_seconds_total[5m])"
                autoFocus={index === 0 && asked.length === 0}
              />
              {rows.length > 1 && (
                <IconButton label={`Remove expression ${refIds[index]}`} icon={X} onPress={() => remove(row.id)} />
              )}
            </li>
          ))}
        </ol>
        <div className={cx(css['buttons'])}>
          <Button variant="primary" size="small" icon={Play} onPress={run} isDisabled={written.length === 0}>
            Ask
          </Button>
          <Button size="small" icon={Plus} isDisabled={rows.length >= mostExpressions} onPress={() => add()}>
            Add an expression
          </Button>
          <Menu
            label="Asked before"
            trigger={
              <Button size="small" icon={History} isDisabled={history.length === 0}>
                Asked before
              </Button>
            }
            entries={[
              ...history.map((text) => ({ id: text, label: text, onAction: () => takeUp(text) })),
              { id: 'separator', separator: true as const },
              { id: 'forget', label: 'Forget them all', onAction: forgetAsked },
            ]}
          />
          {isChanged && written.length > 0 && asked.length > 0 && (
            <span className={cx(css['hint'])}>Changed since it was asked. Ctrl-Enter asks again.</span>
          )}
        </div>
      </Panel>
      {asked.length === 0 ? (
        <EmptyState title="Nothing was asked yet">
          Type a metric's name: what is stored is completed as you type, with what it means. Ctrl-Enter asks.
        </EmptyState>
      ) : (
        <ExploreAnswer expressions={asked} />
      )}
    </div>
  )
}
