/** A board of Grafana or of another Belfry: read, what cannot be taken is said, and only then it is saved. */
import { FileInput } from 'lucide-react'
import { useRef, useState } from 'react'
import type { OutputOf } from '#shared/contract/index.ts'
import { useCommand } from '../../client/use-command.ts'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toasts.ts'
import css from './dashboards.module.css'

type Read = OutputOf<'dashboards.import'>

const extentWords = { not: 'left out', partly: 'in another form' } as const

export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('')
  const [read, setRead] = useState<Read | null>(null)
  const file = useRef<HTMLInputElement>(null)
  const reading = useCommand('dashboards.import')
  const creating = useCommand('dashboards.create')
  const look = async (json: string) => {
    const found = await reading.run({ text: json })
    if (found) setRead(found)
  }
  const take = async (chosen: File | undefined) => {
    if (!chosen) return
    const json = await chosen.text()
    setText(json)
    await look(json)
  }
  const save = async () => {
    if (!read) return
    const made = await creating.run({ board: read.board })
    if (!made) return
    toast(`"${made.board.title}" was imported.`)
    navigate('dashboard', { uid: made.board.uid })
  }
  return (
    <Dialog
      title="Import a dashboard"
      isOpen
      onClose={onClose}
      width="wide"
      footer={
        read ? (
          <>
            <Button onPress={() => setRead(null)}>Another one</Button>
            <Button variant="primary" isPending={creating.isRunning} onPress={() => void save()}>
              {read.taken === null ? 'Save it' : 'Save it as a new one'}
            </Button>
          </>
        ) : (
          <>
            <Button icon={FileInput} onPress={() => file.current?.click()}>
              Choose a file
            </Button>
            <Button
              variant="primary"
              isPending={reading.isRunning}
              isDisabled={text.trim() === ''}
              onPress={() => void look(text)}
            >
              Read it
            </Button>
          </>
        )
      }
    >
      <div className={cx(css['import'])}>
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          hidden
          aria-label="File of a dashboard"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
        {read ? (
          <ImportSummary read={read} problem={creating.failure?.message ?? null} />
        ) : (
          <TextField
            label="JSON of a dashboard of Grafana or Belfry"
            lines={12}
            isMono
            value={text}
            onChange={setText}
            problem={reading.failure?.message ?? null}
            hint="Nothing is saved before you have seen what becomes of it."
          />
        )}
      </div>
    </Dialog>
  )
}

function ImportSummary({ read, problem }: { readonly read: Read; readonly problem: string | null }) {
  const { board, format, notTaken, taken } = read
  return (
    <>
      <p>
        <strong>{board.title}</strong>, of {format === 'grafana' ? 'Grafana' : 'Belfry'}: {board.panels.length} panels,{' '}
        {board.variables.length} variables, {board.annotations.length} annotations.
      </p>
      {taken !== null && (
        <p>
          The dashboard “{taken}” already has its address <code>{board.uid}</code>: this one gets another.
        </p>
      )}
      {problem && <p role="alert">{problem}</p>}
      {notTaken.length === 0 ? (
        <p>Everything was taken over.</p>
      ) : (
        <div className={cx(css['notTaken'])}>
          <Table label="What was not taken over">
            <thead>
              <tr>
                <HeaderCell>Panel</HeaderCell>
                <HeaderCell>What</HeaderCell>
                <HeaderCell>Is</HeaderCell>
                <HeaderCell>Because</HeaderCell>
              </tr>
            </thead>
            <tbody>
              {notTaken.map((one) => (
                <Row key={`${one.panel} ${one.what} ${one.reason}`}>
                  <Cell>{one.panel || 'the board'}</Cell>
                  <Cell>
                    <code>{one.what}</code>
                  </Cell>
                  <Cell>{extentWords[one.extent]}</Cell>
                  <Cell>{one.reason}</Cell>
                </Row>
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </>
  )
}
