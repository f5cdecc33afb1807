import { Fragment } from 'react'
import { cx } from './class-names.ts'
import css from './kbd.module.css'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Keys as printed on the keyboard. `g o` is one after the other, `mod+k` together (`mod`: Ctrl, on a Mac Command). */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className={cx(css['keys'])}>
      {keys.split(' ').map((chord, index) => (
        // The same key may stand twice in a sequence; its position is its identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: as said above
        <Fragment key={index}>
          {chord.split('+').map((key, _, { length }) => (
            <kbd key={key} className={cx(css['key'])}>
              {named(key, length > 1)}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  )
}

/** A letter by itself is as it is typed; held together with others it is as it is printed on the key. */
function named(key: string, isHeldTogether: boolean): string {
  if (key === 'mod') return isMac ? '⌘' : 'Ctrl'
  if (key === 'shift') return isMac ? '⇧' : 'Shift'
  if (key.length === 1) return isHeldTogether ? key.toUpperCase() : key
  return key.charAt(0).toUpperCase() + key.slice(1)
}
