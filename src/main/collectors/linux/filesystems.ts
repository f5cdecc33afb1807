/**
 * Size and free space of the mounted file systems. Asking a dead NFS server never returns, and the thread that asks is
 * lost until it does; the process has four such threads for everything. So local and possibly hanging mounts are asked
 * in two lanes, one after the other in each: at most one thread a lane can be lost, and what could not be asked is said.
 */
import { readFileSync, type StatsFs } from 'node:fs'
import { statfs as systemStatfs } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorText } from '#main/files/system-error.ts'
import type { Clock } from '#main/ports.ts'
import type { Collected, CollectedSample } from '../kind.ts'
import { holdsData, type Mount, mayHang, parseMounts } from './mounts.ts'
import type { LinuxRoots } from './roots.ts'

export type Statfs = (
  path: string,
) => Promise<Pick<StatsFs, 'bsize' | 'blocks' | 'bfree' | 'bavail' | 'files' | 'ffree'>>

/** Where a lane waits for an answer. */
interface Lane {
  waiting: { readonly mountpoint: string; readonly sinceMs: number } | null
}

/** The returned function asks all mounts; when its signal aborts it returns at once with what it knows by then. */
export function createFilesystemReader(
  clock: Clock,
  roots: LinuxRoots,
  statfs: Statfs = systemStatfs,
): (signal: AbortSignal) => Promise<Collected> {
  const local: Lane = { waiting: null }
  const hanging: Lane = { waiting: null }
  return async (signal) => {
    const mounts = parseMounts(readFileSync(join(roots.proc, 'self/mounts'), 'utf8')).filter(holdsData)
    const samples: CollectedSample[] = []
    const problems: string[] = []
    const askAll = async (lane: Lane, ofLane: readonly Mount[]) => {
      for (const [index, mount] of ofLane.entries()) {
        if (lane.waiting !== null || signal.aborted) {
          problems.push(...ofLane.slice(index).map((left) => notAsked(left, lane, clock)))
          return
        }
        const answer = await ask(lane, mount, signal, clock, statfs)
        samples.push(...('stats' in answer ? samplesOf(mount, answer.stats) : [errorSample(mount)]))
        if ('problem' in answer) problems.push(answer.problem)
      }
    }
    await Promise.all([
      askAll(
        local,
        mounts.filter((mount) => !mayHang(mount)),
      ),
      askAll(hanging, mounts.filter(mayHang)),
    ])
    return { samples, problems }
  }
}

type Answer = { readonly stats: Awaited<ReturnType<Statfs>> } | { readonly problem: string }

async function ask(lane: Lane, mount: Mount, signal: AbortSignal, clock: Clock, statfs: Statfs): Promise<Answer> {
  const question = { mountpoint: mount.mountpoint, sinceMs: clock.monotonicMs() }
  lane.waiting = question
  const answered = statfs(mount.mountpoint)
    .then(
      (stats): Answer => ({ stats }),
      (error: unknown): Answer => ({ problem: `${mount.mountpoint}: ${systemErrorText(error)}` }),
    )
    .finally(() => {
      lane.waiting = null
    })
  return await Promise.race([answered, aborted(signal, `${mount.mountpoint} does not answer`)])
}

function aborted(signal: AbortSignal, problem: string): Promise<Answer> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve({ problem })
    else signal.addEventListener('abort', () => resolve({ problem }), { once: true })
  })
}

function notAsked(mount: Mount, lane: Lane, clock: Clock): string {
  if (lane.waiting === null) return `${mount.mountpoint} was not asked: the time was up`
  const seconds = Math.round((clock.monotonicMs() - lane.waiting.sinceMs) / 1000)
  if (lane.waiting.mountpoint === mount.mountpoint) return `${mount.mountpoint} has not answered for ${seconds} s`
  return `${mount.mountpoint} was not asked: ${lane.waiting.mountpoint} has not answered for ${seconds} s`
}

function samplesOf(mount: Mount, stats: Awaited<ReturnType<Statfs>>): CollectedSample[] {
  const labels = labelsOf(mount)
  const sample = (name: string, value: number) => ({ name: `node_filesystem_${name}`, labels, value, decimals: 0 })
  return [
    sample('size_bytes', stats.blocks * stats.bsize),
    sample('free_bytes', stats.bfree * stats.bsize),
    sample('avail_bytes', stats.bavail * stats.bsize),
    sample('files', stats.files),
    sample('files_free', stats.ffree),
    sample('readonly', mount.isReadOnly ? 1 : 0),
    sample('device_error', 0),
  ]
}

function errorSample(mount: Mount): CollectedSample {
  return { name: 'node_filesystem_device_error', labels: labelsOf(mount), value: 1, decimals: 0 }
}

function labelsOf({ device, mountpoint, fstype }: Mount) {
  return { device, mountpoint, fstype }
}
