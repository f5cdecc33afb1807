import { useMemo, useState } from 'react'
import type { ProcessRow, ProcessSnapshot } from '#shared/contract/host.ts'
import { useCall } from '../../client/use-call.ts'
import { formatAge, formatAgo } from '../../format/duration.ts'
import { formatCount, formatRatio, formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { Cell, HeaderCell, Row, type Sort, Table } from '../../ui/table.tsx'

type Column = 'name' | 'pid' | 'user' | 'cpu' | 'memory' | 'started'

/** The processes that use most, as they were at the last snapshot. */
export function ProcessesPanel() {
  const snapshot = useCall('host.processes', {}, { everyMs: 10_000 })
  const now = useNow()
  const at = snapshot.data?.at ?? null
  return (
    <Panel
      title="Processes"
      isPadded={false}
      note={
        <>
          {snapshot.data && at !== null && `the busiest of ${formatCount(snapshot.data.total)}, ${formatAgo(at, now)}`}{' '}
          <StaleBadge of={snapshot} />
        </>
      }
    >
      <Answer of={snapshot} what="Processes">
        {(data) =>
          data.processes.length === 0 ? (
            <EmptyState title="No processes to show">{data.problem ?? 'The first snapshot is being taken.'}</EmptyState>
          ) : (
            <ProcessTable snapshot={data} />
          )
        }
      </Answer>
    </Panel>
  )
}

function ProcessTable({ snapshot }: { readonly snapshot: ProcessSnapshot }) {
  const now = useNow()
  const [sort, setSort] = useState<Sort<Column>>({ column: 'cpu', isDescending: true })
  const rows = useMemo(() => sorted(snapshot.processes, sort), [snapshot, sort])
  const header = (column: Column) => ({ column, sort, onSort: setSort })
  return (
    <Table label="Processes">
      <thead>
        <tr>
          <HeaderCell {...header('name')} width={180}>
            Name
          </HeaderCell>
          <HeaderCell>Command</HeaderCell>
          <HeaderCell {...header('pid')} isNumber width={80}>
            PID
          </HeaderCell>
          <HeaderCell {...header('user')} width={110}>
            User
          </HeaderCell>
          <HeaderCell {...header('cpu')} isNumber width={100}>
            CPU
          </HeaderCell>
          <HeaderCell {...header('memory')} isNumber width={100}>
            Memory
          </HeaderCell>
          <HeaderCell {...header('started')} isNumber width={100}>
            Age
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {rows.map((process) => (
          <Row key={process.pid}>
            <Cell isCut>{process.name}</Cell>
            <Cell isCut isMuted title={process.command}>
              {process.command}
            </Cell>
            <Cell isNumber isMuted>
              {process.pid}
            </Cell>
            <Cell isMuted>{process.user ?? '–'}</Cell>
            <Cell isNumber>{formatRatio(process.cpuRatio)}</Cell>
            <Cell isNumber>{formatValue(process.residentBytes, 'bytes')}</Cell>
            <Cell isNumber isMuted>
              {process.startedAt === null ? '–' : formatAge(now - process.startedAt)}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

function sorted(processes: readonly ProcessRow[], { column, isDescending }: Sort<Column>): readonly ProcessRow[] {
  const key = (process: ProcessRow): number | string => {
    switch (column) {
      case 'name':
        return process.name.toLowerCase()
      case 'pid':
        return process.pid
      case 'user':
        return process.user ?? ''
      case 'cpu':
        return process.cpuRatio ?? -1
      case 'memory':
        return process.residentBytes
      case 'started':
        return -(process.startedAt ?? 0)
    }
  }
  const direction = isDescending ? -1 : 1
  return [...processes].sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    return x === y ? a.pid - b.pid : x < y ? -direction : direction
  })
}
