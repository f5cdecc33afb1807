import type { PanelType } from '#shared/domain/dashboard/panels.ts'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import css from './board.module.css'
import { panelKinds } from './panel-kinds.ts'

interface AddPanelProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onAdd: (type: PanelType) => void
}

export function AddPanel({ isOpen, onClose, onAdd }: AddPanelProps) {
  return (
    <Dialog title="Add a panel" isOpen={isOpen} onClose={onClose} width="wide">
      <ul className={cx(css['kinds'])}>
        {panelKinds.map(({ type, title, description, icon: Icon }) => (
          <li key={type}>
            <button type="button" className={cx(css['kind'])} onClick={() => onAdd(type)}>
              <Icon size={28} strokeWidth={1.5} aria-hidden />
              <span>
                <strong>{title}</strong>
                <span className={cx(css['note'])}>{description}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
