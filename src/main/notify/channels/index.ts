/** Every kind of channel: a new one is one file and one line here. */
import type { ChannelKind } from '../channel.ts'
import { desktop } from './desktop.ts'
import { inApp } from './in-app.ts'

export const channelKinds: readonly ChannelKind[] = [inApp, desktop]
