import type { ReactElement } from 'react'
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components'
import { cx } from './class-names.ts'
import { Kbd } from './kbd.tsx'
import css from './tooltip.module.css'

interface TooltipProps {
  readonly text: string
  /** A key that does the same. */
  readonly keys?: string
  /** One focusable react-aria element (a Button, a Link). */
  readonly children: ReactElement
}

/** A short name or explanation on hover and focus; never the only place where something is said. */
export function Tooltip({ text, keys, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <AriaTooltip offset={6} className={cx(css['tooltip'])}>
        {text}
        {keys && <Kbd keys={keys} />}
      </AriaTooltip>
    </TooltipTrigger>
  )
}
