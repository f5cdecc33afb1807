/** Expressions from elsewhere become a panel of a board that is chosen here. */
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { DashboardSummary } from '#shared/contract/dashboards.ts'
import { AppError } from '#shared/contract/errors.ts'
import { useClient } from '../../client/client-context.tsx'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/fields.tsx'
import { emptyBoard, withExpressions } from './board-from.ts'
import css from './dashboards.module.css'

interface AddToBoardProps {
  /** A JSON list of expressions, as the address has it. */
  readonly text: string
  readonly boards: readonly DashboardSummary[]
  readonly onClose: () => void
}

const another = ''

export function AddToBoard({ text, boards, onClose }: AddToBoardProps) {
  const client = useClient()
  const expressions = expressionsIn(text)
  const [chosen, setChosen] = useState<string>(another)
  const [problem, setProblem] = useState<string | null>(null)
  const add = async () => {
    try {
      if (chosen === another) {
        const made = await client.call('dashboards.create', {
          board: withExpressions(emptyBoard('New dashboard'), expressions),
        })
        return navigate('dashboard', { uid: made.board.uid })
      }
      const { board, revision } = await client.call('dashboards.get', { uid: chosen })
      await client.call('dashboards.save', { board: withExpressions(board, expressions), basedOn: revision })
      navigate('dashboard', { uid: chosen })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      setProblem(error.message)
    }
  }
  return (
    <Dialog
      title="Add to a dashboard"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" icon={Plus} isDisabled={expressions.length === 0} onPress={() => void add()}>
            Add the panel
          </Button>
        </>
      }
    >
      <div className={cx(css['choose'])}>
        <Select
          label="Dashboard"
          options={[
            { id: another, label: 'A new dashboard' },
            ...boards.map(({ uid, title }) => ({ id: uid, label: title })),
          ]}
          value={chosen}
          onChange={setChosen}
          problem={problem}
        />
        <ul>
          {expressions.map((expr) => (
            <li key={expr}>
              <code>{expr}</code>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  )
}

function expressionsIn(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string').slice(0, 26) : []
  } catch {
    // An address that somebody wrote by hand: there is nothing to add.
    return []
  }
}
