/** Takes every file descriptor there is, probes, gives them back and probes again. Prints outcomes and reasons. */
import { closeSync, openSync } from 'node:fs'
import { http } from '#main/checks/kinds/http.ts'
import { icmp } from '#main/checks/kinds/icmp.ts'
import { tcp } from '#main/checks/kinds/tcp.ts'
import { probe } from './probe.ts'

const port = Number(process.argv[2])
const at = { host: '127.0.0.1', port }
const outcomeOf = async (...args: Parameters<typeof probe>) => {
  const { result } = await probe(...args)
  return [result.outcome, result.reason.code]
}
const web = () => outcomeOf(http, { url: `http://127.0.0.1:${port}/` })

const before = await web()
const held: number[] = []
for (;;) {
  try {
    held.push(openSync('/dev/null', 'r'))
  } catch {
    break // EMFILE: that is the state wanted.
  }
}
const starved = { http: await web(), tcp: await outcomeOf(tcp, at), icmp: await outcomeOf(icmp, { host: '127.0.0.1' }) }
for (const descriptor of held) closeSync(descriptor)
// biome-ignore lint/suspicious/noConsole: the parent reads it.
console.log(JSON.stringify({ before, ...starved, after: await web() }))
