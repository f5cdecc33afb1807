/** The doctor: everything around Belfry that can be wrong, looked at when asked. */
import { Copy, Stethoscope } from 'lucide-react'
import { useState } from 'react'
import type { DoctorFinding } from '#shared/contract/care.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { useCommand } from '../../client/use-command.ts'
import { useMay } from '../../live/use-role.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, Skeleton } from '../../ui/placeholder.tsx'
import { type Mark, StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import css from './care.module.css'

const marks: Readonly<Record<DoctorFinding['status'], Mark>> = {
  good: 'up',
  warning: 'warning',
  bad: 'down',
  untested: 'unknown',
}

export function DoctorPanel() {
  const isAdmin = useMay('admin')
  const examination = useCommand('doctor.examine')
  const [diagnosis, setDiagnosis] = useState<OutputOf<'doctor.examine'> | null>(null)
  const examine = async () => {
    const found = await examination.run({})
    if (found) setDiagnosis(found)
  }
  return (
    <Panel
      title="Doctor"
      note="Permissions, disk, databases, clock, limits, programs"
      isPadded={false}
      actions={
        isAdmin && (
          <>
            {diagnosis && <CopyText text={diagnosis.text} />}
            <Button size="small" icon={Stethoscope} isPending={examination.isRunning} onPress={examine}>
              Examine
            </Button>
          </>
        )
      }
    >
      {examination.failure && (
        <p className={cx(css['note'])} role="alert">
          {examination.failure.message}
        </p>
      )}
      {diagnosis ? (
        <Findings findings={diagnosis.findings} />
      ) : examination.isRunning ? (
        <Skeleton lines={8} />
      ) : (
        <EmptyState icon={Stethoscope} title={isAdmin ? 'Not examined yet' : 'Only an admin may examine'}>
          {isAdmin
            ? 'Reads the databases through, which takes a while when history is long.'
            : 'Your role does not suffice.'}
        </EmptyState>
      )}
    </Panel>
  )
}

function Findings({ findings }: { readonly findings: readonly DoctorFinding[] }) {
  return (
    <Table label="Findings">
      <thead>
        <tr>
          <HeaderCell>Looked at</HeaderCell>
          <HeaderCell>Found</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {findings.map(({ id, title, status, finding, why, advice }) => (
          <Row key={id}>
            <Cell>
              <StateMark state={marks[status]} word={title} />
            </Cell>
            <Cell className={cx(css['wrapped'])}>
              {finding} {advice !== null && <strong>{advice}</strong>}
              <div className={cx(css['small'])}>{why}</div>
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

function CopyText({ text }: { readonly text: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      toast('Copied, without names of this machine or its people.')
    } catch {
      toastFailure('The browser did not let Belfry copy. Run "npm run doctor" instead.')
    }
  }
  return (
    <Button size="small" variant="quiet" icon={Copy} onPress={copy}>
      Copy as text
    </Button>
  )
}
