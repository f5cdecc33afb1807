import { useEffect, useEffectEvent } from 'react'
import { addKeys, type KeyBinding } from './key-map.ts'

/**
 * Binds keys while the component is shown. `run` may close over anything: the newest one is called. The set of keys is
 * fixed by `keys` and `title`; `isActive` false takes them all away.
 */
export function useKeys(group: string, bindings: readonly KeyBinding[], isActive = true): void {
  const run = useEffectEvent((index: number) => bindings[index]?.run())
  const shape = JSON.stringify(bindings.map(({ keys, title }) => [keys, title]))
  useEffect(() => {
    if (!isActive) return
    // Written two lines above as pairs of strings.
    const pairs = JSON.parse(shape) as [string, string][]
    return addKeys({
      title: group,
      bindings: pairs.map(([keys, title], index) => ({ keys, title, run: () => run(index) })),
    })
  }, [group, shape, isActive])
}
