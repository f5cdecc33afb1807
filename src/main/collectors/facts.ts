/** What this machine is. Asked once at the start, since it does not change while it runs. */
import { readFileSync } from 'node:fs'
import { arch, cpus, hostname, release, totalmem, type, uptime } from 'node:os'
import { join } from 'node:path'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { HostFacts } from '#shared/contract/host.ts'
import { parseOsRelease } from './linux/os-release.ts'
import { systemRoots } from './linux/roots.ts'
import { bootAtOf } from './linux/stat.ts'
import { loadSystemInformation } from './portable/portable-collector.ts'

/** At once, from what Node and /proc know. */
export function quickFacts(clock: Clock): HostFacts {
  const isLinux = process.platform === 'linux'
  const osRelease = isLinux ? parseOsRelease(textOf(join(systemRoots.etc, 'os-release'))) : {}
  const bootAt = isLinux ? bootAtOf(textOf(join(systemRoots.proc, 'stat'))) : null
  return {
    hostname: hostname(),
    operatingSystem: osRelease['PRETTY_NAME'] ?? type(),
    kernel: release(),
    architecture: arch(),
    cpuModel: cpus()[0]?.model.trim() ?? '',
    cpuCount: cpus().length,
    memoryBytes: totalmem(),
    bootAt: bootAt ?? Math.round(clock.now() - uptime() * 1000),
  }
}

/**
 * The rest, from systeminformation: the processor's brand where the kernel does not name it (ARM), and the name of
 * macOS or Windows. Starts child processes; what fails or takes too long leaves the quick answer and is logged.
 */
export async function fullFacts(
  quick: HostFacts,
  timers: Timers,
  logger: Logger,
  ask: typeof askedFacts = askedFacts,
): Promise<HostFacts> {
  const needsModel = quick.cpuModel === '' || quick.cpuModel === 'unknown'
  const needsName = process.platform !== 'linux'
  if (!needsModel && !needsName) return quick
  let stop = () => {}
  const deadline = new Promise<never>((_, reject) => {
    stop = timers.after(deadlineMs, () => reject(new Error(`no answer within ${deadlineMs / 1000} s`)))
  })
  try {
    return await Promise.race([ask(quick, needsModel, needsName), deadline])
  } catch (error) {
    logger.warn('some facts about this machine could not be read', { error })
    return quick
  } finally {
    stop()
  }
}

/** PowerShell's first start alone may take this long. */
const deadlineMs = 20_000

async function askedFacts(quick: HostFacts, needsModel: boolean, needsName: boolean): Promise<HostFacts> {
  const information = await loadSystemInformation()
  const { manufacturer, brand } = needsModel ? await information.cpu() : { manufacturer: '', brand: '' }
  const { distro, release: osVersion } = needsName ? await information.osInfo() : { distro: '', release: '' }
  return {
    ...quick,
    cpuModel: `${manufacturer} ${brand}`.trim() || quick.cpuModel,
    operatingSystem: `${distro} ${osVersion}`.trim() || quick.operatingSystem,
  }
}

/** Empty where the file is absent, as in a minimal container. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
