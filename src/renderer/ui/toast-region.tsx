import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { cx } from './class-names.ts'
import css from './toast-region.module.css'
import { type Toast, useToasts } from './toasts.ts'

const shownMs = 8000

/** Where toasts appear. Read out politely; they stay while they are hovered or focused. */
export function ToastRegion() {
  const toasts = useToasts((store) => store.toasts)
  return (
    // In the top layer: neither hidden from those who listen nor "outside" while a dialog is open.
    <div
      className={cx(css['region'])}
      role="log"
      aria-live="polite"
      aria-label="What was done"
      data-react-aria-top-layer
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const dismiss = useToasts((store) => store.dismiss)
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (isHeld || toast.tone === 'failed') return
    const timer = setTimeout(() => dismiss(toast.id), shownMs)
    return () => clearTimeout(timer)
  }, [isHeld, toast, dismiss])
  const { action } = toast
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only keeps it longer; nothing is done by it
    <div
      className={cx(css['toast'], css[toast.tone])}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={cx(css['message'])}>{toast.message}</span>
      {action && (
        <Button
          size="small"
          onPress={() => {
            dismiss(toast.id)
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Dismiss" icon={X} onPress={() => dismiss(toast.id)} />
    </div>
  )
}
