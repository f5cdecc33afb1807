import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { desktopNotifier, escapeMarkup } from '#main/adapters/desktop.ts'
import type { DesktopNotification } from '#main/ports.ts'

const notification: DesktopNotification = {
  title: '--help\nshop is down',
  body: '<b>503</b> & $(id) `id` "quoted"',
  severity: 'critical',
  silent: true,
}

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-desktop-'))
})
afterEach(() => rm(directory, { recursive: true }))

/** A notify-send that writes its arguments into a file, one a line, and ends as told. */
async function fakeNotifySend(ending = 'exit 0') {
  const file = join(directory, 'notify-send')
  await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "$@" > ${directory}/arguments\n${ending}\n`)
  await chmod(file, 0o755)
}

const desktop = (variables: Record<string, string> = {}) =>
  desktopNotifier({
    platform: 'linux',
    variables: { PATH: `${directory}:/bin:/usr/bin`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none', ...variables },
  })

describe('the desktop outside of Electron', () => {
  it('hands title and body over as they are, markup escaped', async () => {
    await fakeNotifySend()
    await desktop().notify(notification)
    expect((await readFile(join(directory, 'arguments'), 'utf8')).trimEnd().split('\n')).toEqual([
      '--app-name=Belfry',
      '--urgency=critical',
      '--hint=boolean:suppress-sound:true',
      '--',
      '--help shop is down',
      '&lt;b&gt;503&lt;/b&gt; &amp; $(id) `id` "quoted"',
    ])
  })

  it('rejects with what notify-send said', async () => {
    await fakeNotifySend('echo "The name org.freedesktop.Notifications was not provided" >&2; exit 1')
    await expect(desktop().notify(notification)).rejects.toThrow(
      'notify-send failed: The name org.freedesktop.Notifications was not provided',
    )
  })

  it('says that notify-send is missing', async () => {
    const alone = desktop({ PATH: directory })
    expect(await alone.describe()).toMatchObject({ available: false, reason: expect.stringContaining('libnotify') })
    await expect(alone.notify(notification)).rejects.toThrow(/not found on PATH/)
  })

  it('says that there is no desktop session', async () => {
    await fakeNotifySend()
    const outside = desktop({ DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: directory })
    expect(await outside.describe()).toMatchObject({ available: false, reason: expect.stringContaining('D-Bus') })
    await writeFile(join(directory, 'bus'), '')
    expect(await outside.describe()).toEqual({ available: true, mechanism: 'notify-send' })
  })

  it('escapes what desktops take for markup', () => {
    expect(escapeMarkup('a < b && c > d')).toBe('a &lt; b &amp;&amp; c &gt; d')
  })
})
