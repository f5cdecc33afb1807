/** This machine's facts, processes and collectors, and Belfry's own health. */
import type { ConsoleHealth } from '#shared/contract/console.ts'
import type { CollectorView, HostFacts, ProcessSnapshot } from '#shared/contract/host.ts'
import { seeded } from './random.ts'

const MiB = 1024 ** 2

export function sampleFacts(now: number): HostFacts {
  return {
    hostname: 'workstation',
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    kernel: '6.1.0-28-amd64',
    architecture: 'x64',
    cpuModel: 'AMD Ryzen 7 5800X 8-Core Processor',
    cpuCount: 8,
    memoryBytes: 31.2 * 1024 ** 3,
    bootAt: now - 11 * 86_400_000,
  }
}

const programs: readonly (readonly [name: string, command: string, user: string, cpu: number, memory: number])[] = [
  ['postgres', 'postgres: checkpointer', 'postgres', 0.08, 820],
  ['firefox', '/usr/lib/firefox/firefox -contentproc', 'operator', 0.62, 1440],
  ['node', 'node --enable-source-maps server.js', 'operator', 1.31, 512],
  ['dockerd', '/usr/bin/dockerd -H fd://', 'root', 0.05, 190],
  ['Xorg', '/usr/lib/xorg/Xorg :0', 'root', 0.11, 210],
  ['code', '/usr/share/code/code --type=renderer', 'operator', 0.28, 930],
  ['redis-server', 'redis-server 127.0.0.1:6379', 'redis', 0.02, 64],
  ['nginx', 'nginx: worker process', 'www-data', 0.01, 22],
  ['belfry', 'node out/main/headless.js', 'operator', 0.01, 118],
  ['rsync', 'rsync -a --delete /home /mnt/backup', 'root', 0.44, 31],
  ['systemd', '/lib/systemd/systemd --user', 'operator', 0, 14],
  ['sshd', 'sshd: operator@pts/1', 'operator', 0, 9],
]

export function sampleProcesses(now: number): ProcessSnapshot {
  const random = seeded(Math.floor(now / 5000))
  return {
    at: now - 1800,
    total: 384,
    problem: null,
    processes: programs.map(([name, command, user, cpu, memory], index) => ({
      pid: 900 + index * 317,
      parentPid: 1,
      name,
      command,
      user,
      state: cpu > 0.2 ? 'running' : 'sleeping',
      cpuRatio: cpu * (0.8 + random() * 0.4),
      residentBytes: memory * MiB,
      startedAt: now - (index + 1) * 7_300_000,
    })),
  }
}

export function sampleCollectors(now: number): CollectorView[] {
  const collector = (kind: string, title: string, tier: CollectorView['tier'], everyMs: number, samples: number) => ({
    kind,
    title,
    tier,
    everyMs,
    lastAt: now - 2000,
    lastDurationMs: 0.4,
    samples,
    problem: null,
  })
  return [
    collector('cpu', 'CPU', 'fast', 5000, 64),
    collector('memory', 'Memory', 'fast', 5000, 12),
    collector('network', 'Network', 'fast', 5000, 24),
    {
      ...collector('filesystems', 'File systems', 'medium', 30_000, 12),
      problem: '/mnt/nas did not answer within 2 s.',
    },
    collector('processes', 'Processes', 'slow', 300_000, 0),
  ]
}

export function sampleHealth(now: number, isDegraded: boolean): ConsoleHealth {
  const component = (name: string, message: string, responseTimeMs: number | null) => ({
    name,
    status: 'healthy' as const,
    critical: true,
    message,
    responseTimeMs,
    threshold: null,
    hint: null,
  })
  return {
    status: isDegraded ? 'degraded' : 'healthy',
    at: now,
    components: [
      component('storage', 'Answers; the last commit took 1.8 ms.', 1.8),
      component('samples', '512 series, 102 samples/s.', 0.3),
      component('collection', 'All collectors ran on time.', null),
      component('scheduler', '40 checks; lateness p99 1.1 ms.', 1.1),
      isDegraded
        ? {
            ...component('configuration', 'One entry of belfry.yaml was left out.', null),
            status: 'degraded' as const,
            critical: false,
            hint: 'Correct line 41; it is read again at the next start.',
          }
        : component('configuration', 'belfry.yaml is as it was read.', null),
    ],
  }
}
