/**
 * How the sample console behaves: `welcome` has a live machine and nothing else, `empty` not even that; `lost` breaks the
 * connection after a while, `notices` has something to say of itself.
 */
export const modes = ['full', 'welcome', 'empty', 'failed', 'slow', 'lost', 'unauthenticated', 'notices'] as const
export type Mode = (typeof modes)[number]

export function parseMode(text: string | null): Mode {
  return modes.find((mode) => mode === text) ?? 'full'
}

/** Nobody has set anything up yet. */
export function isNew(mode: Mode): boolean {
  return mode === 'empty' || mode === 'welcome'
}
