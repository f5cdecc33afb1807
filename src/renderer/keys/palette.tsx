/**
 * Ctrl/Cmd-K: one box over every section, check, alert and action. Others give the items; the palette ranks and shows
 * them.
 */
import { Search } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from 'react'
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components'
import { cx } from '../ui/class-names.ts'
import { Kbd } from '../ui/kbd.tsx'
import css from './palette.module.css'
import { type PaletteItem, rankItems } from './rank-items.ts'

interface PaletteProps {
  readonly onClose: () => void
  readonly items: readonly PaletteItem[]
}

/** Open as long as it is mounted. */
export function Palette({ onClose, items }: PaletteProps) {
  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && onClose()} isDismissable className={cx(css['overlay'])}>
      <Modal className={cx(css['modal'])}>
        <AriaDialog aria-label="Go to or do" className={cx(css['dialog'])}>
          <PaletteList onClose={onClose} items={items} />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

function PaletteList({ onClose, items }: PaletteProps) {
  const id = useId()
  const [text, setText] = useState('')
  const [cursor, setCursor] = useState(0)
  const wanted = useDeferredValue(text)
  const found = useMemo(() => rankItems(items, wanted), [items, wanted])
  const current = found[Math.min(cursor, found.length - 1)]

  const choose = (item: PaletteItem | undefined) => {
    if (!item) return
    onClose()
    item.run()
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setCursor((before) => (Math.min(before, found.length - 1) + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      choose(current)
    }
  }
  return (
    <>
      <div className={cx(css['box'])}>
        <Search size={16} aria-hidden className={cx(css['lens'])} />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is opened to type into
          autoFocus
          role="combobox"
          aria-label="Go to or do"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={current && `${id}-${current.id}`}
          aria-autocomplete="list"
          placeholder="Go to a check, an alert, a screen, or do something"
          spellCheck={false}
          className={cx(css['input'])}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setCursor(0)
          }}
          onKeyDown={press}
        />
      </div>
      {/* The focus stays in the box; the list is read through aria-activedescendant. */}
      <div id={id} role="listbox" aria-label="Found" className={cx(css['list'])} tabIndex={-1}>
        {found.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keyboard
          <div
            key={item.id}
            id={`${id}-${item.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={item === current}
            ref={item === current ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            className={cx(css['item'], item === current && css['current'])}
            onPointerMove={() => setCursor(index)}
            onClick={() => choose(item)}
          >
            <item.icon size={14} aria-hidden className={cx(css['lens'])} />
            <span className={cx(css['title'])}>{item.title}</span>
            {item.note && <span className={cx(css['note'])}>{item.note}</span>}
            <span className={cx(css['group'])}>{item.keys ? <Kbd keys={item.keys} /> : item.group}</span>
          </div>
        ))}
        {found.length === 0 && <p className={cx(css['nothing'])}>Nothing is called “{wanted}”.</p>}
      </div>
    </>
  )
}
