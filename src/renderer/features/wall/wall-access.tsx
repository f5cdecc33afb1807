/** How a wall comes to its screens: by a link for any browser, or on a display of the console's own machine. */
import { Copy, Link2, MonitorUp, X } from 'lucide-react'
import { useState } from 'react'
import type { TokenView } from '#shared/contract/settings.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatAgo } from '../../format/duration.ts'
import { useNow } from '../../format/use-now.ts'
import { useMay } from '../../live/use-role.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer } from '../../ui/placeholder.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import css from './walls-screen.module.css'

export function WallLinks({ name }: { readonly name: string }) {
  const isAdmin = useMay('admin')
  const tokens = useCall('tokens.list', {}, { isEnabled: isAdmin })
  const settings = useCall('settings.get', {})
  const make = useCommand('walls.link')
  const revoke = useCommand('tokens.revoke')
  const [link, setLink] = useState<string | null>(null)
  if (!isAdmin) return null
  const served = settings.data?.console
  // Electron's own page has no address that a browser could open; its listener is told by the settings.
  const origin = location.protocol.startsWith('http') ? location.origin : `http://127.0.0.1:${served?.port ?? 4680}`
  const isServed = location.protocol.startsWith('http') || served?.enabled === true

  const create = async () => {
    const made = await make.run({ name })
    if (!made) return
    setLink(`${origin}${made.path}`)
    tokens.refetch()
  }
  const end = async (id: string) => {
    if (!(await revoke.run({ id }))) return
    toast('The link ends within half a minute.')
    tokens.refetch()
  }
  return (
    <Panel
      title="Links for browsers"
      note="Sees this wall, and nothing else"
      actions={
        <Button size="small" icon={Link2} onPress={() => void create()} isDisabled={!isServed || make.isRunning}>
          Make a link
        </Button>
      }
    >
      <div className={cx(css['stack'])}>
        {!isServed && <p className={cx(css['note'])}>Serve the console to browsers first: Settings, This console.</p>}
        {link && (
          <div className={cx(css['linkRow'])}>
            <TextField label="The link, told this once" value={link} onChange={() => {}} isMono />
            <Button icon={Copy} onPress={() => void copied(link)}>
              Copy
            </Button>
          </div>
        )}
        {(make.failure ?? revoke.failure) && (
          <p className={cx(css['warning'])} role="alert">
            {(make.failure ?? revoke.failure)?.message}
          </p>
        )}
        <Answer of={tokens} what="Links">
          {(list) => (
            <Links
              tokens={list.filter(({ role, name: whose }) => role === 'wall' && whose.split(':')[1] === name)}
              onEnd={end}
            />
          )}
        </Answer>
      </div>
    </Panel>
  )
}

function Links(props: { readonly tokens: readonly TokenView[]; readonly onEnd: (id: string) => Promise<void> }) {
  const { tokens, onEnd } = props
  const now = useNow()
  if (tokens.length === 0) return <p className={cx(css['note'])}>No link of this wall has been made.</p>
  return (
    <ul className={cx(css['stack'])}>
      {tokens.map(({ id, name, createdAt, lastUsedAt }) => (
        <li key={id} className={cx(css['linkRow'])}>
          <span className={cx(css['grow'])}>
            Link {name.split(':')[2]}, made {formatAgo(createdAt, now)},{' '}
            {lastUsedAt === null ? 'not yet used' : `last used ${formatAgo(lastUsedAt, now)}`}
          </span>
          <Button size="small" onPress={() => void onEnd(id)}>
            Revoke
          </Button>
        </li>
      ))}
    </ul>
  )
}

async function copied(link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link)
    toast('The link was copied.')
  } catch (error) {
    toastFailure(
      `The link was not copied: ${error instanceof Error ? error.message : error}. Mark and copy it by hand.`,
    )
  }
}

export function WallDisplaysPanel({ name }: { readonly name: string }) {
  const displays = useCall('walls.displays', {}, { everyMs: 5000 })
  const show = useCommand('walls.show')
  const isOperator = useMay('operator')
  if (!displays.data || displays.data.length === 0) return null
  const set = async (display: string, wall: string | null) => {
    const now = await show.run({ display, name: wall })
    if (now) displays.patch(() => now)
  }
  return (
    <Panel title="Displays of this machine" note="Kept: it comes back there with Belfry, and with the display">
      <ul className={cx(css['stack'])}>
        {displays.data.map((display) => (
          <li key={display.id} className={cx(css['linkRow'])}>
            <span className={cx(css['grow'])}>
              {display.label}, {display.widthPx} × {display.heightPx}
              {display.wall !== null && `, shows ${display.wall === name ? 'this wall' : display.wall}`}
            </span>
            {display.wall === name ? (
              <Button size="small" icon={X} isDisabled={!isOperator} onPress={() => void set(display.id, null)}>
                Take away
              </Button>
            ) : (
              <Button size="small" icon={MonitorUp} isDisabled={!isOperator} onPress={() => void set(display.id, name)}>
                Show here
              </Button>
            )}
          </li>
        ))}
      </ul>
      {show.failure && (
        <p className={cx(css['warning'])} role="alert">
          {show.failure.message}
        </p>
      )}
    </Panel>
  )
}
