/** Where a job pings, with lines to paste into a script or a crontab. */
import { Copy } from 'lucide-react'
import { useCall } from '../../client/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Skeleton } from '../../ui/placeholder.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import css from './ping-address.module.css'

export function PingAddress({ pingId }: { readonly pingId: string }) {
  const door = useCall('probes.pingDoor', {})
  if (!door.data) return door.failure ? <p role="alert">{door.failure.message}</p> : <Skeleton lines={3} />
  if (pingId === '') return null
  const { url } = door.data
  const address = `${url ?? 'http://127.0.0.1:4680'}/ping/${pingId}`
  const curl = 'curl -fsS -m 10 --retry 5'
  const lines = [
    ['Address', address],
    ['In a script', `backup.sh; ${curl} ${address}/$?`],
    ['In a crontab', `0 3 * * * ${curl} ${address}/start; backup.sh; ${curl} ${address}/$?`],
    ['With output', `backup.sh 2>&1 | ${curl} --data-binary @- ${address}`],
  ] as const
  return (
    <div className={cx(css['address'])}>
      {url === null && (
        <p className={cx(css['closed'])}>
          No listener is open in this window's console, so no ping can come: turn on the console's own address in the
          settings, or run Belfry headless. It will then be at an address such as this.
        </p>
      )}
      <dl className={cx(css['lines'])}>
        {lines.map(([what, line]) => (
          <div key={what} className={cx(css['entry'])}>
            <dt>{what}</dt>
            <dd>
              <code>{line}</code>
              <Button size="small" variant="quiet" icon={Copy} aria-label={`Copy: ${what}`} onPress={() => copy(line)}>
                Copy
              </Button>
            </dd>
          </div>
        ))}
      </dl>
      <p className={cx(css['hint'])}>
        Further: /start, /fail, /log, or an exit status of 0 to 255. GET, HEAD and POST; the first 10 KB of a body are
        kept. The addresses are those of healthchecks.io.
      </p>
    </div>
  )
}

async function copy(text: string) {
  try {
    await navigator.clipboard.writeText(text)
    toast('Copied.')
  } catch (error) {
    toastFailure(`It could not be copied: ${error instanceof Error ? error.message : String(error)}`)
  }
}
