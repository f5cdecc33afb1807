/**
 * How this window looks: theme, density and the zone in which instants are shown. The console's settings are the truth;
 * what was used last is kept in this browser so that the first frame already has it.
 */
import { create } from 'zustand'
import type { Settings } from '#shared/contract/settings.ts'

export type Appearance = Settings['appearance']

const storageKey = 'belfry.appearance'
const systemIsLight = matchMedia('(prefers-color-scheme: light)')

interface AppearanceStore extends Appearance {
  readonly resolvedTheme: 'dark' | 'light'
  /** The IANA name behind `timeZone`. */
  readonly zone: string
  set(appearance: Partial<Appearance>): void
}

export const useAppearance = create<AppearanceStore>((set, get) => ({
  ...resolve(remembered()),
  set(change) {
    const { theme, density, timeZone } = { ...get(), ...change }
    const next = { theme, density, timeZone }
    localStorage.setItem(storageKey, JSON.stringify(next))
    set(resolve(next))
  },
}))

/** Keeps the document's attributes in step; returns what ends it. */
export function applyAppearance(): () => void {
  const apply = () => {
    const { resolvedTheme, density } = useAppearance.getState()
    document.documentElement.dataset['theme'] = resolvedTheme
    document.documentElement.dataset['density'] = density
  }
  const followSystem = () => useAppearance.getState().set({})
  apply()
  const stop = useAppearance.subscribe(apply)
  systemIsLight.addEventListener('change', followSystem)
  return () => {
    stop()
    systemIsLight.removeEventListener('change', followSystem)
  }
}

/** The zone instants are shown in, as an IANA name. */
export function useZone(): string {
  return useAppearance((appearance) => appearance.zone)
}

function resolve(appearance: Appearance) {
  const isLight = appearance.theme === 'light' || (appearance.theme === 'system' && systemIsLight.matches)
  const zone = appearance.timeZone !== 'local' && isZone(appearance.timeZone) ? appearance.timeZone : localZone()
  return { ...appearance, resolvedTheme: isLight ? ('light' as const) : ('dark' as const), zone }
}

function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function remembered(): Appearance {
  const fallback: Appearance = { theme: 'system', density: 'comfortable', timeZone: 'local' }
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    if (typeof stored !== 'object' || stored === null) return fallback
    const { theme, density, timeZone } = stored as Partial<Record<keyof Appearance, unknown>>
    return {
      theme: theme === 'dark' || theme === 'light' ? theme : 'system',
      density: density === 'compact' ? 'compact' : 'comfortable',
      timeZone: typeof timeZone === 'string' && isZone(timeZone) ? timeZone : 'local',
    }
  } catch {
    // Whatever else was stored under this name is not ours; the defaults serve.
    return fallback
  }
}

function isZone(name: string): boolean {
  if (name === 'local') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
