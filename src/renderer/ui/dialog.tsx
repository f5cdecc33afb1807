import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './button.tsx'
import { cx } from './class-names.ts'
import css from './dialog.module.css'

interface DialogProps {
  readonly title: ReactNode
  readonly isOpen: boolean
  /** Escape, the close button, or a press outside. */
  readonly onClose: () => void
  readonly children: ReactNode
  /** The row of buttons at the bottom, the main one last. */
  readonly footer?: ReactNode
  readonly width?: 'narrow' | 'wide'
}

/** A question in front of everything else. For what can be undone, use a toast with Undo instead. */
export function Dialog({ title, isOpen, onClose, children, footer, width = 'narrow' }: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className={cx(css['overlay'])}
    >
      <Modal className={cx(css['modal'], css[width])}>
        <AriaDialog className={cx(css['dialog'])}>
          <DialogHeader title={title} onClose={onClose} />
          <div className={cx(css['content'])}>{children}</div>
          {footer && <footer className={cx(css['footer'])}>{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** Details beside the list they belong to: slides over the right edge. The view's keys go on working in it. */
export function Drawer({ title, isOpen, onClose, children, footer }: Omit<DialogProps, 'width'>) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className={cx(css['overlay'], css['clear'])}
    >
      <Modal className={cx(css['drawer'])}>
        <AriaDialog className={cx(css['dialog'])} data-keys>
          <DialogHeader title={title} onClose={onClose} />
          <div className={cx(css['content'])}>{children}</div>
          {footer && <footer className={cx(css['footer'])}>{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

function DialogHeader({ title, onClose }: { readonly title: ReactNode; readonly onClose: () => void }) {
  return (
    <header className={cx(css['header'])}>
      <Heading slot="title" className={cx(css['title'])}>
        {title}
      </Heading>
      <IconButton label="Close" keys="esc" icon={X} onPress={onClose} />
    </header>
  )
}
