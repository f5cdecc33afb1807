/** What a page does on its own: errors and failed requests are noted, windows closed, dialogs answered, doors shut. */
import type { BrowserContext, Page } from 'playwright-core'
import { shorten } from '../network/text.ts'

export interface PageNotes {
  readonly consoleErrors: string[]
  readonly failedRequests: string[]
}

const mostNotes = 20
const longestNote = 300

/** Before the first address is opened. */
export async function watchPage(context: BrowserContext, page: Page): Promise<PageNotes> {
  const notes: PageNotes = { consoleErrors: [], failedRequests: [] }
  const note = (list: string[], text: string) => {
    if (list.length < mostNotes) list.push(shorten(text, longestNote))
  }
  await context.route(
    (url) => !allowed.has(url.protocol),
    (route) => route.abort('blockedbyclient'),
  )
  context.on('page', (opened) => {
    // It may be gone by itself already.
    if (opened !== page) opened.close().catch(() => {})
  })
  // Left alone, a dialog stops the page for ever; a trap that asks before leaving is left.
  context.on('dialog', (dialog) => {
    const answered = dialog.type() === 'beforeunload' ? dialog.accept() : dialog.dismiss()
    answered.catch(() => {})
  })
  page.on('console', (message) => {
    if (message.type() === 'error') note(notes.consoleErrors, message.text())
  })
  page.on('pageerror', (error) => note(notes.consoleErrors, error.message))
  page.on('requestfailed', (request) =>
    note(notes.failedRequests, `${request.method()} ${request.url()}: ${request.failure()?.errorText ?? 'failed'}`),
  )
  page.on('response', (response) => {
    if (response.status() >= 400) {
      note(notes.failedRequests, `${response.request().method()} ${response.url()}: ${response.status()}`)
    }
  })
  return notes
}

/** What a page may load; itself it may only be at http and https. */
const allowed = new Set(['http:', 'https:', 'data:', 'blob:', 'about:', 'ws:', 'wss:'])
