import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'
import { cx } from './class-names.ts'
import { Kbd } from './kbd.tsx'
import css from './menu.module.css'

export type MenuEntry =
  | {
      readonly id: string
      readonly label: string
      readonly icon?: LucideIcon
      readonly keys?: string
      readonly isDisabled?: boolean
      readonly tone?: 'plain' | 'danger'
      readonly onAction: () => void
    }
  | { readonly id: string; readonly separator: true }

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  /** Read out as the menu's name. */
  readonly label: string
  readonly entries: readonly MenuEntry[]
}

export function Menu({ trigger, label, entries }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover placement="bottom end" offset={4} className={cx(css['popover'])}>
        <AriaMenu aria-label={label} className={cx(css['menu'])}>
          {entries.map((entry) =>
            'separator' in entry ? (
              <Separator key={entry.id} className={cx(css['separator'])} />
            ) : (
              <MenuItem
                key={entry.id}
                id={entry.id}
                textValue={entry.label}
                isDisabled={entry.isDisabled ?? false}
                onAction={entry.onAction}
                className={cx(css['item'], entry.tone === 'danger' && css['danger'])}
              >
                {entry.icon && <entry.icon size={14} aria-hidden />}
                <span className={cx(css['label'])}>{entry.label}</span>
                {entry.keys && <Kbd keys={entry.keys} />}
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
