/** The application's menu: what every desktop application has, and nothing that the page does better. */
import { Menu, type MenuItemConstructorOptions } from 'electron'

export interface MenuOptions {
  readonly platform: NodeJS.Platform
  readonly open: (place: string) => void
  readonly quit: () => void
}

export function setMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)))
}

export function menuTemplate({ platform, open, quit }: MenuOptions): MenuItemConstructorOptions[] {
  const settings: MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => open('#/settings'),
  }
  const end: MenuItemConstructorOptions = { label: 'Quit Belfry', accelerator: 'CmdOrCtrl+Q', click: quit }
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const first: MenuItemConstructorOptions =
    platform === 'darwin'
      ? {
          label: 'Belfry',
          submenu: [{ role: 'about' }, separator, settings, separator, { role: 'hide' }, { role: 'hideOthers' }, end],
        }
      : { label: 'File', submenu: [settings, separator, { role: 'close' }, end] }
  return [
    first,
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { label: 'Overview', click: () => open('#/') },
        { label: 'This machine', click: () => open('#/machine') },
        { label: 'Checks', click: () => open('#/checks') },
        { label: 'Alerts', click: () => open('#/alerts') },
        separator,
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ]
}
