/** The wall as it would hang there, in the proportions of its screen: the very picture, made small. */
import { useLayoutEffect, useRef, useState } from 'react'
import type { Wall } from '#shared/contract/walls.ts'
import { useCall } from '../../client/use-call.ts'
import { useNow } from '../../format/use-now.ts'
import { cx } from '../../ui/class-names.ts'
import { Answer, Skeleton } from '../../ui/placeholder.tsx'
import { feedWords } from './feed-words.ts'
import { wallSize } from './wall-size.ts'
import { WallSurface } from './wall-surface.tsx'
import css from './walls-screen.module.css'

const widthPx = 1920
const heightPx = 1080
const askEveryMs = 5000

export function WallPreview({ wall, page }: { readonly wall: Wall; readonly page: number }) {
  const now = useNow()
  const preview = useCall('walls.preview', { wall, page }, { everyMs: askEveryMs, on: { 'walls.stirred': 'refetch' } })
  const frame = useRef<HTMLDivElement>(null)
  const scale = useScale(frame)
  const size = wallSize({ widthPx, heightPx, ...wall })
  return (
    <figure className={cx(css['preview'])}>
      <div ref={frame} className={cx(css['glass'])} style={{ height: heightPx * scale }} inert>
        <Answer of={preview} what="The preview" loading={<Skeleton height={heightPx * scale} />}>
          {(view) => (
            <div className={cx(css['small'])} style={{ transform: `scale(${scale})` }}>
              <WallSurface
                view={{ ...view, wall: { ...view.wall, drift: false } }}
                focus={null}
                feed={feedWords({ answeredAt: now, now, isConnected: true, at: view.at, observedAt: view.observedAt })}
                remaining={null}
                isHeld={false}
                now={now}
                widthPx={widthPx}
                heightPx={heightPx}
              />
            </div>
          )}
        </Answer>
      </div>
      <figcaption className={cx(css['note'], !size.isReadable && css['warning'])}>
        {size.isReadable
          ? `From ${wall.distanceMetres} m, on ${wall.diagonalInches} inches at 1920 by 1080: text of ${Math.round(size.unitPx)} px, room for ${size.tiles} ${size.tiles === 1 ? 'tile' : 'tiles'}. What does not fit is counted, the worst is shown.`
          : `From ${wall.distanceMetres} m nothing readable fits on ${wall.diagonalInches} inches. The text is as large as it can be: hang a larger screen, or stand nearer.`}
      </figcaption>
    </figure>
  )
}

function useScale(frame: { readonly current: HTMLElement | null }): number {
  const [scale, setScale] = useState(0.4)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const observer = new ResizeObserver(() => setScale(element.clientWidth / widthPx))
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return scale
}
