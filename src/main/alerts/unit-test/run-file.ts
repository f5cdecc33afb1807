/** Runs files of promtool's unit tests, and says what promtool would. */
import { glob, readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { systemErrorText } from '#main/files/system-error.ts'
import { loadRules } from '#main/rules/load-rules.ts'
import type { RuleGroup } from '#main/rules/rule.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { EvaluationOptions } from '#shared/promql/evaluation.ts'
import { runGroup } from './run-group.ts'
import { parseTestFile, type TestFile } from './test-file.ts'

export interface FileOutcome {
  /** Expectations that were met. */
  readonly passed: number
  readonly failed: number
  /** Of the whole file: no failure, and nothing that kept it from being run. */
  readonly ok: boolean
  readonly lines: readonly string[]
}

/** Never rejects for what a file says: that is its outcome. */
export async function runTestFile(path: string, evaluation: EvaluationOptions = {}): Promise<FileOutcome> {
  const heading = `Unit Testing:  ${path}`
  let passed = 0
  const failures: string[] = []
  try {
    const file = parseTestFile(await textOf(path))
    const groups = inOrder(await groupsOf(file, path), file.group_eval_order)
    for (const test of file.tests) {
      const outcome = await runGroup(test, { groups, evaluationIntervalMs: file.evaluation_interval, evaluation })
      passed += outcome.passed
      failures.push(...outcome.failures)
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    failures.push(error.message)
  }
  const ok = failures.length === 0
  const verdict = ok ? ['  SUCCESS'] : ['  FAILED:', ...failures]
  return { passed, failed: failures.length, ok, lines: [heading, ...verdict, ''] }
}

async function groupsOf(file: TestFile, path: string): Promise<RuleGroup[]> {
  const directory = dirname(resolve(path))
  const groups: RuleGroup[] = []
  for (const pattern of file.rule_files) {
    const found: string[] = []
    for await (const name of glob(pattern, { cwd: directory })) found.push(resolve(directory, name))
    if (found.length === 0) throw new AppError('not-found', `${pattern}: expected a rule file there, found none`)
    for (const name of found.sort()) {
      const loaded = loadRules(name, await textOf(name), 'file')
      const [problem] = loaded.problems
      if (problem) throw new AppError('invalid', `${name}:${problem.line ?? ''} ${problem.message}`)
      groups.push(...loaded.groups)
    }
  }
  return groups
}

/** Named groups in the order they are named; those that are not come first, as in promtool. */
function inOrder(groups: readonly RuleGroup[], order: readonly string[]): RuleGroup[] {
  const place = ({ name }: RuleGroup) => Math.max(0, order.indexOf(name))
  return groups.toSorted((a, b) => place(a) - place(b))
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new AppError('not-found', `${path}: ${systemErrorText(error)}`)
  }
}
