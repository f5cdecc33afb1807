import { defineCheckKind } from '../kind.ts'
import { ScriptConfig } from '../script-probe/config.ts'
import { commandLine, probeScript } from '../script-probe/probe.ts'

export const script = defineCheckKind({
  kind: 'script',
  title: 'Script',
  description: 'Runs a program as the plugins of Nagios and Icinga are run: exit code, a line, performance data.',
  config: ScriptConfig,
  target: ({ command }) => commandLine(command),
  host: ({ host }) => (host === '' ? null : host),
  role: 'admin',
  needs: 'scripts',
  /** Each is a process. */
  concurrency: 16,
  run: probeScript,
})
