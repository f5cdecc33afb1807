/** Services of this machine that answer at their usual places, each one press away from being read. */
import { Plus, Radar } from 'lucide-react'
import { useState } from 'react'
import type { OutputOf } from '#shared/contract/index.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCall } from '../../client/use-call.ts'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer } from '../../ui/placeholder.tsx'
import { attempted, toast } from '../../ui/toasts.ts'
import css from './collectors.module.css'

type Found = OutputOf<'collectors.detect'>[number]

/** `isQuiet`: nothing is said where nothing was found. */
export function FoundServices({ isQuiet = false }: { readonly isQuiet?: boolean }) {
  const found = useCall('collectors.detect', {}, { on: { 'collectors.removed': 'refetch' } })
  if (isQuiet && (found.data === null || found.data.length === 0)) return null
  return (
    <Panel title="Found on this machine">
      <Answer of={found} what="What answers on this machine">
        {(services) =>
          services.length === 0 ? (
            <p className={cx(css['hint'])}>
              PostgreSQL, Redis, nginx with stub_status and Docker were looked for at their usual places, and none
              answers there. Services elsewhere are added by their address.
            </p>
          ) : (
            <ul className={cx(css['found'])}>
              {services.map((service) => (
                <FoundService key={service.found} service={service} onTaken={found.refetch} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}

function FoundService({ service, onTaken }: { readonly service: Found; readonly onTaken: () => void }) {
  const client = useClient()
  const [isAdding, setAdding] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const { draft, found } = service
  /** Read once before it is saved: one that wants a password is not added without. */
  const add = async () => {
    setAdding(true)
    const tried = await attempted(() => client.call('collectors.try', { draft }))
    if (tried?.failure) setProblem(tried.failure.message)
    else if (tried !== null) {
      const saved = await attempted(() => client.call('collectors.save', { draft }))
      if (saved !== null) {
        toast(`"${saved.name}" is read from now on.`, () =>
          attempted(() => client.call('collectors.remove', { id: saved.id })),
        )
        onTaken()
      }
    }
    setAdding(false)
  }
  const write = () => navigate('collectorNew', {}, { draft: JSON.stringify(draft) })
  return (
    <li className={cx(css['foundOne'])}>
      <Radar size={16} aria-hidden className={cx(css['foundIcon'])} />
      <span className={cx(css['foundName'])}>
        {found}
        {problem && <span className={cx(css['foundProblem'])}>{problem}</span>}
      </span>
      {problem === null ? (
        <Button size="small" icon={Plus} isPending={isAdding} onPress={add}>
          Read it
        </Button>
      ) : (
        <Button size="small" onPress={write}>
          Fill in what it wants
        </Button>
      )}
    </li>
  )
}
