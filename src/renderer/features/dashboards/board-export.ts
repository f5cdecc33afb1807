/** A board as a page or as PDF: made by the console, told while it is made, and given up where nobody wants it any more. */
import { AppError } from '#shared/contract/errors.ts'
import type { Client } from '../../client/connect.ts'
import { saveBlob, saveFile } from '../../ui/save-file.ts'
import { showToast, toastFailure, useToasts } from '../../ui/toasts.ts'
import type { Chosen } from './use-variables.ts'

interface AskedExport {
  readonly uid: string
  readonly format: 'html' | 'pdf'
  readonly range: { readonly from: number; readonly to: number }
  readonly chosen: Chosen
  readonly timeZone: string
}

export async function exportBoard(client: Client, asked: AskedExport): Promise<void> {
  const attempt = new AbortController()
  const told = showToast({
    message: asked.format === 'pdf' ? 'The PDF is being printed …' : 'The page is being drawn …',
    tone: 'plain',
    action: { label: 'Cancel', run: () => attempt.abort() },
  })
  try {
    const { chosen, ...rest } = asked
    const variables = Object.fromEntries(Object.entries(chosen).map(([name, values]) => [name, [...values]]))
    const input = { ...rest, variables }
    const { fileName, content } = await client.call('dashboards.export', input, { signal: attempt.signal })
    if (asked.format === 'html') saveFile(fileName, [content], 'text/html')
    else saveBlob(fileName, new Blob([bytesOf(content)], { type: 'application/pdf' }))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (!attempt.signal.aborted) toastFailure(error.message)
  } finally {
    useToasts.getState().dismiss(told)
  }
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
