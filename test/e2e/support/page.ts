/** A page that is looked after: whatever it complains about is kept, and a test can insist that it was nothing. */
import type { Browser, Page } from '@playwright/test'

export interface WatchedPage {
  readonly page: Page
  /** Errors on the browser's console and exceptions nobody caught. */
  readonly complaints: readonly string[]
}

export async function openPage(browser: Browser, url: string): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints }
}
