/** Chromium as the tests start it. */
import { type Browser, chromium } from '@playwright/test'

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** `further`: arguments beside the usual ones. */
export function launchChromium(further: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH']
  const asRoot = process.getuid?.() === 0
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...quiet, ...further, ...(asRoot ? ['--no-sandbox'] : [])],
  })
}
