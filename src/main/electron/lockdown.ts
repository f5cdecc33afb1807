/**
 * What no page may do, whatever it shows: get a permission but to copy, leave its address, open a window, embed another page or
 * download a file but one it has made itself, such as an export. Links to the outside are opened in the person's browser, and only after asking.
 */
import { app, dialog, session, shell, type WebContents } from 'electron'
import type { Logger } from '#main/ports.ts'
import { isOwnPage } from './page.ts'

/** To be called once, before the first window. */
export function lockDown(logger: Logger): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_page, permission, answer, { requestingUrl }) =>
    answer(isGranted(permission, requestingUrl)),
  )
  defaultSession.setPermissionCheckHandler((_page, permission, origin) => isGranted(permission, origin))
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.on('will-download', (event, item) => {
    if (!isMadeByOwnPage(item.getURL())) event.preventDefault()
  })
  app.on('web-contents-created', (_event, page) => lockPage(page, logger))
}

/** Our page may write text to the clipboard, as its copy buttons do; it can read nothing from it. */
function isGranted(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOwnPage(url)
}

/** A file of our page's own making; Electron asks the person where to save it. */
function isMadeByOwnPage(url: string): boolean {
  return url.startsWith('blob:') && isOwnPage(url.slice('blob:'.length))
}

function lockPage(page: WebContents, logger: Logger): void {
  page.on('will-navigate', (details) => {
    if (isOwnPage(details.url)) return
    details.preventDefault()
    void offerToOpen(details.url, logger)
  })
  page.on('will-redirect', (details) => {
    if (!isOwnPage(details.url)) details.preventDefault()
  })
  page.on('will-attach-webview', (event) => event.preventDefault())
  page.setWindowOpenHandler(({ url }) => {
    void offerToOpen(url, logger)
    return { action: 'deny' }
  })
}

/** https only: any other scheme could start a program. */
async function offerToOpen(url: string, logger: Logger): Promise<void> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    logger.warn('a link that is not https was not opened', { url })
    return
  }
  try {
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: 'Open this address in your browser?',
      detail: url,
      buttons: ['Open', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
    })
    if (response === 0) await shell.openExternal(url)
  } catch (error) {
    logger.warn('a link could not be opened', { url, error })
  }
}
