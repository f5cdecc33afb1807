/** All walls, and the one that is being changed. */
import { Copy, MonitorPlay, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Wall } from '#shared/contract/walls.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { navigate } from '../../navigation/location.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { ScreenHeader } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import { freeName } from './wall-draft.ts'
import { WallEditor } from './wall-editor.tsx'
import css from './walls-screen.module.css'

/** `name` null: the first wall. */
export function WallsScreen({ name }: { readonly name: string | null }) {
  const walls = useCall('walls.list', {}, { on: { 'walls.changed': 'refetch' } })
  const isOperator = useMay('operator')
  const [fresh, setFresh] = useState<Wall | null>(null)
  const begin = (wall: Wall) => setFresh(wall)
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Walls"
        note={
          <>
            For screens that hang on a wall and are read from afar <StaleBadge of={walls} />
          </>
        }
        actions={
          <Button icon={Plus} isDisabled={!isOperator} onPress={() => begin(freshWall(walls.data ?? []))}>
            New wall
          </Button>
        }
      />
      <Answer of={walls} what="Walls">
        {(list) => {
          const chosen = list.find((wall) => wall.name === name) ?? (name === null ? list[0] : undefined)
          const isFresh = fresh !== null && !list.some((wall) => wall.name === fresh.name)
          if (list.length === 0 && !isFresh) {
            return (
              <EmptyState
                icon={MonitorPlay}
                title="No wall yet"
                action={
                  isOperator && (
                    <Button variant="primary" icon={Plus} onPress={() => begin(freshWall([]))}>
                      New wall
                    </Button>
                  )
                }
              >
                A wall shows checks, alerts and charts in turn on a screen that nobody touches. Open it by a link in any
                browser, or on a display of this machine.
              </EmptyState>
            )
          }
          return (
            <div className={cx(css['columns'])}>
              <WallList
                walls={list}
                current={isFresh ? null : (chosen?.name ?? null)}
                onCopy={begin}
                onChoose={() => setFresh(null)}
              />
              {isFresh && <WallEditor key="a new wall" initial={fresh} savedName={null} />}
              {!isFresh && chosen && (
                <WallEditor key={JSON.stringify(chosen)} initial={chosen} savedName={chosen.name} />
              )}
              {!isFresh && !chosen && (
                <EmptyState title={`There is no wall named "${name}"`}>It may have been removed or renamed.</EmptyState>
              )}
            </div>
          )
        }}
      </Answer>
    </div>
  )
}

function WallList(props: {
  readonly walls: readonly Wall[]
  readonly current: string | null
  readonly onCopy: (wall: Wall) => void
  readonly onChoose: () => void
}) {
  const { walls, current, onCopy, onChoose } = props
  const remove = useCommand('walls.remove')
  const save = useCommand('walls.save')
  const isOperator = useMay('operator')
  const takeAway = async (wall: Wall) => {
    const gone = await remove.run({ name: wall.name })
    if (!gone) return toastFailure(`"${wall.title}" could not be removed.`)
    toast(`"${gone.title}" was removed.`, () => void save.run({ name: gone.name, wall: gone }))
    if (current === gone.name) navigate('walls')
  }
  return (
    <nav aria-label="Walls">
      <ul className={cx(css['list'])}>
        {walls.map((wall) => (
          <li key={wall.name} className={cx(css['listItem'], wall.name === current && css['here'])}>
            <Link
              to="wallEdit"
              params={{ name: wall.name }}
              onClick={onChoose}
              className={cx(css['listLink'])}
              {...(wall.name === current ? { 'aria-current': 'page' as const } : {})}
            >
              <strong>{wall.title}</strong>
              <span className={cx(css['note'])}>
                {wall.pages.length === 1 ? 'one page' : `${wall.pages.length} pages`}, {wall.diagonalInches} inches,{' '}
                {wall.distanceMetres}&nbsp;m
              </span>
            </Link>
            {isOperator && (
              <>
                <IconButton
                  label={`Duplicate ${wall.title}`}
                  icon={Copy}
                  onPress={() =>
                    onCopy({
                      ...wall,
                      name: freeName(
                        wall.name,
                        walls.map((one) => one.name),
                      ),
                      title: `${wall.title} 2`,
                    })
                  }
                />
                <IconButton label={`Remove ${wall.title}`} icon={Trash2} onPress={() => void takeAway(wall)} />
              </>
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}

function freshWall(walls: readonly Wall[]): Wall {
  return Wall.parse({
    name: freeName(
      'wall',
      walls.map((wall) => wall.name),
    ),
    title: 'Wall',
    pages: [{ kind: 'checks' }, { kind: 'alerts' }, { kind: 'host' }],
  })
}
