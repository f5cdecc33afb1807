/** A stand-in for notify-send on a directory of its own PATH: it writes down what it is asked to show, and can hang. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export interface NotifyLedger {
  /** For the process whose notifications are to be written down. */
  readonly env: Readonly<Record<string, string>>
  /** While it hangs, a notification begins and is never shown. */
  hang(doesHang: boolean): void
  /** Titles in the order in which notify-send was started with them. */
  begun(): string[]
  /** Titles that came through. */
  shown(): string[]
  /** Ends what still hangs, and removes everything. */
  close(): void
}

const script = `#!/bin/sh
while [ "$1" != -- ]; do shift; done
echo "begun $$ $2" >> "$NOTIFY_LEDGER"
[ -e "$NOTIFY_LEDGER.hang" ] && exec sleep 60
echo "shown $$ $2" >> "$NOTIFY_LEDGER"
`

export function openNotifyLedger(): NotifyLedger {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-notify-'))
  const program = join(directory, 'notify-send')
  const ledger = join(directory, 'ledger')
  const hanging = `${ledger}.hang`
  writeFileSync(ledger, '')
  writeFileSync(program, script)
  chmodSync(program, 0o755)
  const entries = () =>
    [...readFileSync(ledger, 'utf8').matchAll(/^(begun|shown) (\d+) (.*)$/gm)].map(([, what, pid, title]) => ({
      what,
      pid: Number(pid),
      title: title ?? '',
    }))
  const titles = (wanted: string) => entries().flatMap(({ what, title }) => (what === wanted ? [title] : []))
  return {
    env: {
      PATH: `${directory}${delimiter}${process.env['PATH'] ?? ''}`,
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
      NOTIFY_LEDGER: ledger,
    },
    hang(doesHang) {
      if (doesHang) writeFileSync(hanging, '')
      else rmSync(hanging, { force: true })
    },
    begun: () => titles('begun'),
    shown: () => titles('shown'),
    close() {
      const ended = new Set(entries().flatMap(({ what, pid }) => (what === 'shown' ? [pid] : [])))
      for (const { pid } of entries()) if (!ended.has(pid) && isNotifySend(pid)) process.kill(pid, 'SIGKILL')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Whether the process is still the one that hangs: its number may belong to another by now. */
function isNotifySend(pid: number): boolean {
  const commandLine = `/proc/${pid}/cmdline`
  return existsSync(commandLine) && readFileSync(commandLine, 'utf8') === 'sleep\0' + '60\0'
}
