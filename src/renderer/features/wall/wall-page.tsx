/**
 * A wall as a page of its own: no rail, no buttons, nothing that could change anything. Arrow keys turn pages and the
 * space bar holds one, for whoever stands at the screen.
 */
import { useEffect, useEffectEvent, useState } from 'react'
import type { Wall } from '#shared/contract/walls.ts'
import { useConnection } from '../../client/use-connection.ts'
import { useNow } from '../../format/use-now.ts'
import { navigate } from '../../navigation/location.ts'
import { cx } from '../../ui/class-names.ts'
import { feedWords } from './feed-words.ts'
import { keepPage, keptPage } from './kept-place.ts'
import { looked, type Playlist, remainingRatio, startPlaylist, tick, turned } from './playlist.ts'
import { useIdlePointer, useWakeLock } from './use-kiosk.ts'
import { useSelfCare } from './use-self-care.ts'
import { useViewport } from './use-viewport.ts'
import { useWallFeed, type WallFeed } from './use-wall-feed.ts'
import { wallInPath } from './wall-address.ts'
import { WallBoundary } from './wall-boundary.tsx'
import css from './wall-page.module.css'
import { WallSurface } from './wall-surface.tsx'

/** A session may come back with the console; a screen has nobody to try again. */
const tryAgainMs = 60_000
/** A page that has just turned is the moment at which nobody misses anything. */
const quietMs = 6000

export function WallPage({ name }: { readonly name: string }) {
  const { state } = useConnection()
  const isIdle = useIdlePointer()
  useWakeLock()
  useEffect(() => {
    document.title = `${name}, Belfry`
  }, [name])
  return (
    <div className={cx(css['page'], isIdle && css['idle'])}>
      <WallBoundary>{state === 'unauthenticated' ? <LockedOut /> : <RunningWall name={name} />}</WallBoundary>
    </div>
  )
}

function RunningWall({ name }: { readonly name: string }) {
  const [playlist, setPlaylist] = useState<Playlist>(() => startPlaylist(keptPage(name), Date.now()))
  const feed = useWallFeed(name, playlist.page)
  const { view } = feed
  const now = useNow()
  const connection = useConnection()
  const { widthPx, heightPx } = useViewport()

  const look = useEffectEvent((seen: NonNullable<typeof view>) =>
    setPlaylist((before) => looked(before, seen.wall, seen.broken, Date.now())),
  )
  useEffect(() => {
    if (view) look(view)
  }, [view])
  const pass = useEffectEvent((at: number) => {
    if (view) setPlaylist((before) => tick(before, view.wall, at))
  })
  useEffect(() => pass(now), [now])
  useEffect(() => keepPage(name, playlist.page), [name, playlist.page])
  useKeysAtTheScreen((by) => {
    if (view) setPlaylist((before) => (by === 0 ? held(before) : turned(before, view.wall, by, Date.now())))
  })
  useSelfCare({
    version: view?.version ?? null,
    isQuiet: () => playlist.focus === null && Date.now() - playlist.since < quietMs,
  })

  useWholeTheme(view?.wall.theme ?? null)

  if (!view) return <Waiting feed={feed} name={name} />
  return (
    <WallSurface
      view={view}
      focus={playlist.focus}
      feed={feedWords({
        answeredAt: feed.answeredAt,
        now,
        isConnected: connection.state === 'open',
        at: view.at,
        observedAt: view.observedAt,
      })}
      remaining={remainingRatio(playlist, view.wall, now)}
      isHeld={playlist.isHeld}
      now={now}
      widthPx={widthPx}
      heightPx={heightPx}
    />
  )
}

/** The wall's theme for the whole page: its edges show when the picture drifts. */
function useWholeTheme(theme: Wall['theme'] | null): void {
  useEffect(() => {
    const { dataset } = document.documentElement
    const before = dataset['theme']
    if (theme === null) return
    dataset['theme'] = theme
    return () => {
      dataset['theme'] = before
    }
  }, [theme])
}

const held = (playlist: Playlist): Playlist => ({ ...playlist, isHeld: !playlist.isHeld, since: Date.now() })

/** -1 and 1 turn a page, 0 holds it. */
function useKeysAtTheScreen(act: (by: 1 | -1 | 0) => void): void {
  const latest = useEffectEvent(act)
  useEffect(() => {
    const press = ({ key }: KeyboardEvent) => {
      // Opened from the console's own window: there is a way back. A screen on a wall has none.
      if (key === 'Escape' && wallInPath(location.pathname) === null) navigate('walls')
      const by = ({ ArrowRight: 1, ArrowLeft: -1, ' ': 0 } as const)[key]
      if (by !== undefined) latest(by)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

/** Nothing has come yet, or will: which of the two, and what to do. */
function Waiting({ feed, name }: { readonly feed: WallFeed; readonly name: string }) {
  const { failure } = feed
  const { state } = useConnection()
  if (failure && failure.code !== 'closed') {
    return (
      <main className={cx(css['message'])} role="alert">
        <h1>The wall "{name}" cannot be shown</h1>
        <p>{failure.message}</p>
        <p>Belfry is asked again every few seconds.</p>
      </main>
    )
  }
  return (
    <main className={cx(css['message'])} role="status">
      <h1>{state === 'open' ? 'Loading the wall' : 'Belfry cannot be reached'}</h1>
      <p>{state === 'open' ? name : 'Trying again; when Belfry runs, this page comes back by itself.'}</p>
    </main>
  )
}

function LockedOut() {
  useEffect(() => {
    const timer = setTimeout(() => location.reload(), tryAgainMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <main className={cx(css['message'])} role="alert">
      <h1>This screen has not been let in</h1>
      <p>
        Its link was revoked, or was never opened here. In Belfry, open Walls, copy a link of this wall, and open it
        here.
      </p>
    </main>
  )
}
