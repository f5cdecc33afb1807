/**
 * Two network namespaces with a cable between them: a machine, and all the world behind its gateway. The world answers
 * on every address of 10.99.64.0/18, and the cable can be pulled. Linux only, as root, with iproute2.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type Child, startChild } from '#test/e2e/support/child.ts'

export interface TwoNamespaces {
  /** Starts a program on the machine or in the world. */
  start(where: 'machine' | 'world', command: string, args: readonly string[]): Child
  /** Runs one to its end and gives what it printed. */
  run(where: 'machine' | 'world', command: string, args: readonly string[], input?: string): string
  pull(): void
  plug(): void
  close(): Promise<void>
}

/** Why there can be none here; null when there can. */
export function namespacesMissing(): string | null {
  if (process.platform !== 'linux') return 'Linux'
  if (process.getuid?.() !== 0) return 'root'
  try {
    execFileSync('ip', ['netns', 'add', 'belfry-try'], { stdio: 'ignore' })
    execFileSync('ip', ['netns', 'del', 'belfry-try'], { stdio: 'ignore' })
    return null
  } catch {
    return 'iproute2 with network namespaces'
  }
}

/** `resolver`: the machine's only name server; none: that of the host. */
export function openTwoNamespaces(resolver?: string): TwoNamespaces {
  const names = { machine: `belfry-m${process.pid}`, world: `belfry-w${process.pid}` }
  const ends = { machine: `bm${process.pid % 1e6}`, world: `bw${process.pid % 1e6}` }
  const ip = (...args: string[]) => execFileSync('ip', args)
  const children: Child[] = []
  for (const name of Object.values(names)) {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
  }
  ip('link', 'add', ends.machine, 'netns', names.machine, 'type', 'veth', 'peer', ends.world, 'netns', names.world)
  ip('-n', names.machine, 'addr', 'add', '10.99.0.2/24', 'dev', ends.machine)
  ip('-n', names.world, 'addr', 'add', '10.99.0.1/24', 'dev', ends.world)
  ip('-n', names.world, 'route', 'add', 'local', '10.99.64.0/18', 'dev', 'lo')
  ip('-n', names.world, 'link', 'set', ends.world, 'up')
  ip('-n', names.machine, 'link', 'set', ends.machine, 'up')
  ip('-n', names.machine, 'route', 'add', 'default', 'via', '10.99.0.1')
  // iproute2 mounts it over the host's own for what runs in the namespace.
  const ownFiles = `/etc/netns/${names.machine}`
  if (resolver !== undefined) {
    mkdirSync(ownFiles, { recursive: true })
    writeFileSync(`${ownFiles}/resolv.conf`, `nameserver ${resolver}\noptions timeout:1 attempts:1\n`)
  }
  const within = (where: 'machine' | 'world') => ['netns', 'exec', names[where]]
  return {
    start(where, command, args) {
      const child = startChild('ip', [...within(where), command, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
      children.push(child)
      return child
    },
    run: (where, command, args, input = '') =>
      execFileSync('ip', [...within(where), command, ...args], { input, encoding: 'utf8', maxBuffer: 2 ** 28 }),
    pull: () => void ip('-n', names.world, 'link', 'set', ends.world, 'down'),
    plug: () => void ip('-n', names.world, 'link', 'set', ends.world, 'up'),
    async close() {
      for (const child of children) await child.end('SIGKILL')
      for (const name of Object.values(names)) ip('netns', 'del', name)
      rmSync(ownFiles, { recursive: true, force: true })
    },
  }
}
