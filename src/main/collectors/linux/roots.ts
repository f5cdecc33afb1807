/** Where Linux shows its tables; tests put a recorded machine there. */
export interface LinuxRoots {
  readonly proc: string
  readonly sys: string
  readonly etc: string
}

export const systemRoots: LinuxRoots = { proc: '/proc', sys: '/sys', etc: '/etc' }

/** Ticks a second in which the kernel counts time for programs. Source: man 5 proc, sysconf(_SC_CLK_TCK). */
export const ticksPerSecond = 100
