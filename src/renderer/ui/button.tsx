import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import css from './button.module.css'
import { cx } from './class-names.ts'
import { Tooltip } from './tooltip.tsx'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style'> {
  /** `primary`: at most one in view. `quiet`: no border until hovered. Default `secondary`. */
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger'
  readonly size?: 'normal' | 'small'
  readonly icon?: LucideIcon
  /** Greyed, with a spinner, still focusable. */
  readonly isPending?: boolean
  readonly children: ReactNode
}

export function Button({ variant = 'secondary', size = 'normal', icon: Icon, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={cx(css['button'], css[variant], css[size])}>
      {Icon && <Icon size={14} aria-hidden />}
      {children}
    </AriaButton>
  )
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style' | 'aria-label'> {
  /** Read out, and shown as a tooltip. */
  readonly label: string
  /** Shown in the tooltip, such as `a` or `g o`. */
  readonly keys?: string
  readonly icon: LucideIcon
  readonly isPressed?: boolean
}

/** A button with an icon only. `isPressed` makes it a toggle. */
export function IconButton({ label, keys, icon: Icon, isPressed, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} {...(keys ? { keys } : {})}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={cx(css['button'], css['quiet'], css['icon'])}
        {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
      >
        <Icon size={16} aria-hidden />
      </AriaButton>
    </Tooltip>
  )
}
