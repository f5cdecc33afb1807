/**
 * The picture of a wall, drawn for a screen of a given size: the page itself and the editor's preview are the same. It
 * decides nothing about time; all it shows was decided before.
 */
import type { CSSProperties, ReactNode } from 'react'
import type { Wall, WallContent, WallView } from '#shared/contract/walls.ts'
import { formatClock, zoneName } from '../../format/instant.ts'
import { cx } from '../../ui/class-names.ts'
import { driftAt } from './drift.ts'
import type { FeedWords } from './feed-words.ts'
import { NewsStrip } from './news-strip.tsx'
import { AlertsPage } from './pages/alerts-page.tsx'
import { ChartsPage } from './pages/charts-page.tsx'
import { ChecksPage } from './pages/checks-page.tsx'
import { ClockPage } from './pages/clock-page.tsx'
import { FocusPage } from './pages/focus-page.tsx'
import { UptimePage } from './pages/uptime-page.tsx'
import type { Playlist } from './playlist.ts'
import css from './wall.module.css'
import { type WallSize, wallSize } from './wall-size.ts'
import { zoneOfWall } from './wall-zone.ts'

export interface WallSurfaceProps {
  readonly view: WallView
  readonly focus: Playlist['focus']
  readonly feed: FeedWords
  /** 1..0; null where nothing moves on. */
  readonly remaining: number | null
  readonly isHeld: boolean
  readonly now: number
  readonly widthPx: number
  readonly heightPx: number
}

export function WallSurface({ view, focus, feed, remaining, isHeld, now, widthPx, heightPx }: WallSurfaceProps) {
  const { wall, content } = view
  const size = wallSize({ widthPx, heightPx, ...wall })
  const zone = zoneOfWall(wall)
  const drift = wall.drift ? driftAt(now) : { x: 0, y: 0 }
  const style = {
    '--u': `${size.unitPx}px`,
    width: widthPx,
    height: heightPx,
    transform: `translate(${drift.x}px, ${drift.y}px)`,
  } as CSSProperties // React's type knows no custom properties.
  return (
    <div className={cx(css['wall'], feed.isLoud && css['old'])} data-theme={wall.theme} style={style}>
      <header className={cx(css['header'])}>
        <div className={cx(css['names'])}>
          <h1 className={cx(css['title'])}>{wall.title}</h1>
          <p className={cx(css['subtitle'])}>{focus ? 'This has just broken' : subtitle(wall, view)}</p>
        </div>
        <div className={cx(css['time'])}>
          {(content.kind !== 'clock' || focus) && <span className={cx(css['clock'])}>{formatClock(now, zone)}</span>}
          <span className={cx(css['zone'])}>
            {zoneName(now, zone)}
            <span className={cx(css['feed'], feed.isLoud && css['loud'])}>{feed.text}</span>
          </span>
        </div>
      </header>
      <Countdown remaining={remaining} isHeld={isHeld} />
      <main className={cx(css['body'])}>
        {focus ? <FocusPage tile={focus.tile} now={now} /> : page(content, size, { wall, now, zone })}
      </main>
      <NewsStrip news={view.news} atOnce={size.newsAtOnce} now={now} />
    </div>
  )
}

function page(
  content: WallContent,
  size: WallSize,
  { wall, now, zone }: { readonly wall: Wall; readonly now: number; readonly zone: string },
): ReactNode {
  switch (content.kind) {
    case 'checks':
      return <ChecksPage content={content} size={size} now={now} />
    case 'alerts':
      return <AlertsPage content={content} size={size} now={now} />
    case 'uptime':
      return <UptimePage content={content} size={size} />
    case 'charts':
      return <ChartsPage content={content} size={size} />
    case 'clock':
      return <ClockPage title={wall.title} now={now} zone={zone} widthUnits={size.bodyWidthPx / size.unitPx} />
  }
}

function subtitle({ pages }: Wall, { page: index, content }: WallView): string {
  const title = pages[index]?.title ?? ''
  const note = content.kind === 'charts' ? content.note : ''
  return [title, note].filter((part) => part !== '').join(', ') || defaultTitles[content.kind]
}

const defaultTitles: Readonly<Record<WallContent['kind'], string>> = {
  checks: 'Checks',
  alerts: 'Alerts',
  uptime: 'Uptime',
  charts: 'Last values',
  clock: '',
}

/** A bar that shortens once a second: it tells when the page turns without moving smoothly. */
function Countdown({ remaining, isHeld }: { readonly remaining: number | null; readonly isHeld: boolean }) {
  return (
    <div className={cx(css['countdown'])} aria-hidden="true">
      {remaining !== null && <div style={{ width: `${remaining * 100}%` }} />}
      {isHeld && <div className={cx(css['held'])} />}
    </div>
  )
}
