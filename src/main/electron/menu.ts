/** The application's menu: what every desktop application has, and nothing that the page does better. */
import { Menu, type MenuItemConstructorOptions } from 'electron'

/** Where a page is, and how it is called in a menu. */
const places = [
  ['Overview', '#/'],
  ['This machine', '#/machine'],
  ['Checks', '#/checks'],
  ['Alerts', '#/alerts'],
  ['Walls', '#/walls'],
] as const

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
        ...places.map(([label, place], index) => ({
          label,
          accelerator: `CmdOrCtrl+${index + 1}`,
          click: () => open(place),
        })),
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
    {
      role: 'help',
      submenu: [{ label: 'How Belfry itself is', click: () => open('#/settings/about') }],
    },
  ]
}
