/** What of prometheus.yml and its files of targets is not used, line by line. */
import { useState } from 'react'
import type { ScrapeView } from '#shared/contract/scrape.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './targets.module.css'

/** Enough to see what is the matter. */
const shownAtFirst = 5

export function ConfigProblems({ problems, file }: Pick<ScrapeView, 'problems' | 'file'>) {
  const [isAll, setIsAll] = useState(false)
  if (problems.length === 0) return null
  const sorted = problems.toSorted((a, b) => Number(b.level === 'error') - Number(a.level === 'error'))
  const shown = isAll ? sorted : sorted.slice(0, shownAtFirst)
  const mistakes = problems.filter(({ level }) => level === 'error').length
  return (
    <Panel
      title="prometheus.yml"
      note={mistakes > 0 ? 'Part of it is not used' : 'Parts that have no effect here'}
      isPadded={false}
      actions={
        problems.length > shownAtFirst && (
          <Button size="small" variant="quiet" onPress={() => setIsAll(!isAll)}>
            {isAll ? 'Show fewer' : `Show all ${problems.length}`}
          </Button>
        )
      }
    >
      <ul className={cx(css['problems'])}>
        {shown.map((problem) => (
          <li key={`${problem.file}:${problem.line}:${problem.message}`} className={cx(css['problem'])}>
            <StateMark
              state={problem.level === 'error' ? 'error' : 'info'}
              word={problem.level === 'error' ? 'Not used' : 'No effect'}
            />
            <code className={cx(css['place'])}>
              {problem.file === file ? '' : `${problem.file} `}
              {problem.line === null ? '' : `line ${problem.line}`}
            </code>
            <span className={cx(css['message'])}>{problem.message}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
