import { cx } from '../ui/class-names.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useKeyStore } from './key-map.ts'
import css from './key-sheet.module.css'

/** `?`: the keys that work here and now. */
export function KeySheet({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const groups = useKeyStore((store) => store.groups)
  const titles = [...new Set(groups.map((group) => group.title))]
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose} width="wide">
      <div className={cx(css['groups'])}>
        {titles.map((title) => (
          <section key={title} className={cx(css['group'])}>
            <h3 className={cx(css['title'])}>{title}</h3>
            <dl className={cx(css['keys'])}>
              {groups
                .filter((group) => group.title === title)
                .flatMap((group) => group.bindings)
                .map((binding) => (
                  <div key={binding.keys} className={cx(css['key'])}>
                    <dt>
                      <Kbd keys={binding.keys} />
                    </dt>
                    <dd>{binding.title}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
