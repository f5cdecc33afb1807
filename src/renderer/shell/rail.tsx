import { Keyboard } from 'lucide-react'
import { useState } from 'react'
import type { Feature } from '../feature.ts'
import { Link } from '../navigation/link.tsx'
import { usePlace } from '../navigation/location.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import css from './rail.module.css'

interface RailProps {
  readonly features: readonly Feature[]
  readonly onKeys: () => void
  /** What it counts may be old. */
  readonly isOld: boolean
}

/** The sections at the left. Narrow windows show their icons only. */
export function Rail({ features, onKeys, isOld }: RailProps) {
  const place = usePlace()
  return (
    <nav className={cx(css['rail'], isOld && css['old'])} aria-label="Sections">
      <Link to="overview" className={cx(css['brand'])} aria-label="Belfry, overview">
        <Bell />
        <span className={cx(css['word'])}>Belfry</span>
      </Link>
      {runsOf(features).map(({ group, members }) => (
        <div key={members[0]?.id} className={cx(css['group'])}>
          {group && <span className={cx(css['heading'])}>{group}</span>}
          <ul>
            {members.map((feature) => (
              <RailItem
                key={feature.id}
                feature={feature}
                isHere={place !== null && feature.screens[place.route] !== undefined}
              />
            ))}
          </ul>
        </div>
      ))}
      <div className={cx(css['foot'])}>
        <IconButton label="Keys" keys="?" icon={Keyboard} onPress={onKeys} />
      </div>
    </nav>
  )
}

function RailItem({ feature, isHere }: { readonly feature: Feature; readonly isHere: boolean }) {
  // Features are constant, so the same hook is called each time.
  const [useCount] = useState(() => feature.useCount ?? noCount)
  const count = useCount()
  return (
    <li>
      <Link
        // A feature's home has no parameters.
        to={feature.home as 'overview'}
        className={cx(css['item'], isHere && css['here'])}
        title={feature.title}
        {...(isHere ? { 'aria-current': 'page' as const } : {})}
      >
        <feature.icon size={16} aria-hidden />
        <span className={cx(css['title'])}>{feature.title}</span>
        {count > 0 && <span className={cx(css['count'])}>{count}</span>}
      </Link>
    </li>
  )
}

const noCount = () => 0

/** Neighbours of the same group together, in the given order. */
function runsOf(features: readonly Feature[]): { group: string | null; members: Feature[] }[] {
  const runs: { group: string | null; members: Feature[] }[] = []
  for (const feature of features) {
    const last = runs.at(-1)
    if (last && last.group === feature.group) last.members.push(feature)
    else runs.push({ group: feature.group, members: [feature] })
  }
  return runs
}

function Bell() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="M10 1.2c.7 0 1.2.5 1.2 1.2v.4c2.5.5 4.2 2.6 4.2 5.3v3.6l1.6 2.4v1H3v-1l1.600-2.400V8.100C4.600 5.400 6.300 3.300 8.800 2.800v-.4c0-.7.500-1.200 1.200-1.200Z"
        fill="currentColor"
      />
      <path d="M7.800 16.400h4.400a2.200 2.200 0 0 1-4.400 0Z" fill="var(--up)" />
    </svg>
  )
}
