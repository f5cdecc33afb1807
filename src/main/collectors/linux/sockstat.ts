/** /proc/net/sockstat and sockstat6: `TCP: inuse 4 orphan 0` becomes `node_sockstat_TCP_inuse` and so on. */
import type { CollectedSample } from '../kind.ts'
import { kernelNumber } from './number.ts'

export function parseSockstat(text: string): CollectedSample[] {
  return text.split('\n').flatMap((line) => {
    const [, protocol, rest = ''] = /^(\w+): (.+)$/.exec(line) ?? []
    if (protocol === undefined) return []
    const words = rest.split(' ')
    const samples: CollectedSample[] = []
    for (let index = 0; index + 1 < words.length; index += 2) {
      const value = kernelNumber(words[index + 1])
      if (value !== null)
        samples.push({ name: `node_sockstat_${protocol}_${words[index]}`, labels: {}, value, decimals: 0 })
    }
    return samples
  })
}
