/** How the sample console behaves: `lost` breaks the connection after a while, `notices` has something to say. */
export const modes = ['full', 'empty', 'failed', 'slow', 'lost', 'unauthenticated', 'notices'] as const
export type Mode = (typeof modes)[number]

export function parseMode(text: string | null): Mode {
  return modes.find((mode) => mode === text) ?? 'full'
}
