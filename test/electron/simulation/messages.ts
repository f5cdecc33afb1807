/** What the simulation and its parent process tell each other. */
import type { Noticed } from './electron.ts'

export type FromSimulation =
  | { readonly type: 'page'; readonly debugUrl: string }
  | { readonly type: 'window'; readonly isVisible: boolean }
  | Noticed

export type ToSimulation =
  | { readonly type: 'close-window' }
  | { readonly type: 'choose-in-tray'; readonly label: string }
  | { readonly type: 'click-notification' }
  | { readonly type: 'start-again'; readonly args: readonly string[] }
  | { readonly type: 'quit' }
  | { readonly type: 'ask-window' }
