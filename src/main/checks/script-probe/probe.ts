/** One run of a program: its exit code is the outcome, its first line the reason, its figures the samples. */
import type { Evidence } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import { down, type Failure, unknown } from '../network/failure.ts'
import { shorten, withoutSecrets } from '../network/text.ts'
import type { ScriptConfig } from './config.ts'
import { type PerformanceFigure, type PluginOutput, readPluginOutput } from './performance-data.ts'
import { runScript, type ScriptRun } from './run-script.ts'

const mostShown = 8000

export async function probeScript(config: ScriptConfig, ports: ProbePorts, signal: AbortSignal): Promise<ProbeOutcome> {
  const startedMs = ports.clock.monotonicMs()
  const run = await runScript(config, signal)
  const durationMs = ports.clock.monotonicMs() - startedMs
  const text = 'output' in run ? run.output.toString('utf8') : ''
  const said = readPluginOutput(text)
  const { outcome, reason } = verdictOf(run, said, config)
  return withoutSecrets(
    {
      outcome,
      reason,
      durationMs,
      phases: [{ name: 'run', durationMs }],
      samples: samplesOf(run, said),
      evidence: evidenceOf(run, said, text),
    },
    [config.secret],
  )
}

/** For people to read, no shell will: words that are not plain stand in quotes. */
export function commandLine(words: readonly string[]): string {
  return shorten(words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' '), 300)
}

type Verdict = Pick<ProbeOutcome, 'outcome' | 'reason'>

function verdictOf(run: ScriptRun, { summary }: PluginOutput, { command, cwd }: ScriptConfig): Verdict {
  const program = shorten(command[0] ?? '', 200)
  const said = summary === '' ? `${program} said nothing.` : shorten(summary, 300)
  switch (run.kind) {
    case 'aborted':
      return unknown('script-timeout', `${program} did not end in time, and was killed with all it had started.`)
    case 'killed':
      return unknown('script-killed', `${program} was ended by ${run.signal}.`)
    case 'not-started':
      return notStarted(program, cwd, run.code)
    case 'exited':
      return ofExitCode(run.code, said, program)
  }
}

/** The plugins' own meaning: OK, WARNING, CRITICAL, UNKNOWN. */
function ofExitCode(code: number, said: string, program: string): Verdict {
  switch (code) {
    case 0:
      return { outcome: 'up', reason: { code: 'ok', message: said } }
    case 1:
      return { outcome: 'degraded', reason: { code: 'script-warning', message: said } }
    case 2:
      return down('script-critical', said)
    case 3:
      return unknown('script-unknown', said)
    default:
      return unknown('script-exit-code', `${program} ended with code ${code}; expected 0, 1, 2 or 3. ${said}`)
  }
}

function notStarted(program: string, cwd: string, code: string): Failure {
  switch (code) {
    case 'ENOENT':
      return unknown(
        'script-not-found',
        `${program} could not be started: there is no such program${cwd === '' ? '' : `, or no folder ${shorten(cwd, 200)}`}.`,
      )
    case 'EACCES':
    case 'EPERM':
      return unknown('script-not-permitted', `${program} could not be started: Belfry may not run it.`)
    default:
      return unknown('cannot-measure', `${program} could not be started: ${shorten(code, 200)}.`)
  }
}

function samplesOf(run: ScriptRun, { figures }: PluginOutput): ProbeSample[] {
  if (run.kind !== 'exited') return []
  return [
    { name: 'probe_script_exit_code', value: run.code },
    ...figures.flatMap(({ label, unit, value, warning, critical }) => {
      const labels = { label, unit }
      return [
        { name: 'probe_script_perfdata', labels, value },
        ...(warning === null ? [] : [{ name: 'probe_script_perfdata_warning', labels, value: warning }]),
        ...(critical === null ? [] : [{ name: 'probe_script_perfdata_critical', labels, value: critical }]),
      ]
    }),
  ]
}

function evidenceOf(run: ScriptRun, { figures }: PluginOutput, text: string): Evidence {
  const code = run.kind === 'exited' ? `exit code ${run.code}` : ''
  const rows = figures.map((figure) => ({ name: figure.label, value: figureText(figure) }))
  return {
    ...(rows.length > 0 ? { facts: [{ title: 'Performance data', note: code, rows }] } : {}),
    ...(text === '' ? {} : { output: shorten(text, mostShown) }),
  }
}

function figureText({ value, unit, warning, critical }: PerformanceFigure): string {
  const limits = [
    ...(warning === null ? [] : [`warning ${amount(warning, unit)}`]),
    ...(critical === null ? [] : [`critical ${amount(critical, unit)}`]),
  ]
  return [amount(value, unit), ...limits].join(', ')
}

const binaryPrefixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi']

/** For people: large numbers of bytes are not read as such. */
function amount(value: number, unit: string): string {
  if (unit !== 'bytes') return `${Number(value.toPrecision(6))} ${unit}`.trim()
  const power = Math.min(binaryPrefixes.length - 1, Math.max(0, Math.floor(Math.log2(Math.abs(value) || 1) / 10)))
  return `${Number((value / 2 ** (10 * power)).toPrecision(4))} ${binaryPrefixes[power]}B`
}
