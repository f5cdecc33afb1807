/**
 * What checks remember: the state machine of each as JSON, settled stretches of time, results with their evidence, and
 * up to when somebody looked. Writes come in batches, one unit for all results of a tick.
 */
import type { CheckResult, StateInterval } from '#shared/contract/checks.ts'
import { defineFamily } from '../family.ts'

export interface StoredRuntime {
  readonly checkId: string
  /** JSON of the state machine, as it was saved; parsed by whoever knows its shape. */
  readonly state: string
}

export interface StoredInterval extends StateInterval {
  readonly checkId: string
}

export interface KeptResult {
  readonly result: CheckResult
  /** One of the newest of a check that is well: given up when newer ones come. */
  readonly passing: boolean
  /** One of a check that keeps failing: the newest keep their evidence, some more their row. */
  readonly repeated?: boolean
}

/** Where a page of results starts: before this one, newest first. */
export interface ResultPosition {
  readonly at: number
  readonly id: string
}

/** As many passing results of a check are kept. */
const passingKept = 20
/** As many repeated failures of a check keep their evidence. */
export const repeatedWithEvidence = 200
/** And as many before those keep their row: with some 400 bytes each, 4 MB for a check. */
export const repeatedWithout = 10_000
/** Finding where those end reads them all, so it is done once for so many more. */
const pruneEvery = 500

export const checkTables = defineFamily({
  writes(database) {
    const saveRuntime = database.prepare<[StoredRuntime]>(
      `INSERT INTO check_runtime (check_id, state) VALUES (@checkId, @state)
       ON CONFLICT (check_id) DO UPDATE SET state = excluded.state`,
    )
    const observe = database.prepare<[{ until: number }]>(
      `INSERT INTO check_watch (only_row, observed_until) VALUES (1, @until)
       ON CONFLICT (only_row) DO UPDATE SET observed_until = excluded.observed_until`,
    )
    // A row is there already only when a clock ran backwards across a restart: the newer account counts.
    const addInterval = database.prepare<[IntervalRow]>(
      `INSERT OR REPLACE INTO check_interval (check_id, from_at, to_at, state, reason_code, reason_message)
       VALUES (@checkId, @from, @to, @state, @reasonCode, @reasonMessage)`,
    )
    const addResult = database.prepare<[ResultRow]>(
      `INSERT INTO check_result
         (check_id, at, id, trigger, outcome, reason_code, reason_message, duration_ms, phases, evidence, passing, repeated)
       VALUES
         (@checkId, @at, @id, @trigger, @outcome, @reasonCode, @reasonMessage, @durationMs, @phases, @evidence, @passing,
          @repeated)`,
    )
    const stripRepeated = database.prepare<[{ checkId: string }]>(
      `UPDATE check_result SET evidence = '{}', phases = '[]', repeated = 2
       WHERE check_id = @checkId AND repeated = 1 AND at <
         (SELECT at FROM check_result WHERE check_id = @checkId AND repeated = 1
          ORDER BY at DESC LIMIT 1 OFFSET ${repeatedWithEvidence - 1})`,
    )
    const pruneRepeated = database.prepare<[{ checkId: string }]>(
      `DELETE FROM check_result WHERE check_id = @checkId AND repeated = 2 AND at <
         (SELECT at FROM check_result WHERE check_id = @checkId AND repeated = 2
          ORDER BY at DESC LIMIT 1 OFFSET ${repeatedWithout - 1})`,
    )
    const prunePassing = database.prepare<[{ checkId: string }]>(
      `DELETE FROM check_result WHERE check_id = @checkId AND passing = 1 AND at <
         (SELECT at FROM check_result WHERE check_id = @checkId AND passing = 1
          ORDER BY at DESC LIMIT 1 OFFSET ${passingKept - 1})`,
    )
    const deleteResults = database.prepare<[{ before: number; limit: number }]>(
      `DELETE FROM check_result WHERE (check_id, at, id) IN
         (SELECT check_id, at, id FROM check_result WHERE at < @before ORDER BY at LIMIT @limit)`,
    )
    const deleteIntervals = database.prepare<[{ before: number; limit: number }]>(
      `DELETE FROM check_interval WHERE (check_id, from_at) IN
         (SELECT check_id, from_at FROM check_interval WHERE to_at <= @before ORDER BY to_at LIMIT @limit)`,
    )
    const strippedSince = new Map<string, number>()
    return {
      'check.saveRuntimes': (runtimes: readonly StoredRuntime[]) => {
        for (const runtime of runtimes) saveRuntime.run(runtime)
      },
      /** Somebody looked until then, as far as each check's own state does not say otherwise. */
      'check.observe': (watch: { readonly until: number }) => observe.run(watch),
      'check.addIntervals': (intervals: readonly StoredInterval[]) => {
        for (const { reason, checkId, from, to, state } of intervals) {
          addInterval.run({ checkId, from, to, state, reasonCode: reason.code, reasonMessage: reason.message })
        }
      },
      'check.addResults': (kept: readonly KeptResult[]) => {
        const repeating = new Set<string>()
        for (const { result, passing, repeated = false } of kept) {
          addResult.run(rowOf(result, passing, repeated))
          if (passing) prunePassing.run({ checkId: result.checkId })
          if (repeated) repeating.add(result.checkId)
        }
        for (const checkId of repeating) {
          const stripped = (strippedSince.get(checkId) ?? 0) + stripRepeated.run({ checkId }).changes
          strippedSince.set(checkId, stripped % pruneEvery)
          if (stripped >= pruneEvery) pruneRepeated.run({ checkId })
        }
      },
      /** Gives up the oldest history, at most `limit` rows of each table: called until nothing is left to do. */
      'check.prune': (input: {
        readonly resultsBefore: number
        readonly intervalsBefore: number
        readonly limit: number
      }) => {
        deleteResults.run({ before: input.resultsBefore, limit: input.limit })
        deleteIntervals.run({ before: input.intervalsBefore, limit: input.limit })
      },
    }
  },

  questions(database) {
    const runtimes = database.prepare<[], StoredRuntime>('SELECT check_id AS checkId, state FROM check_runtime')
    const watch = database.prepare<[], { until: number }>('SELECT observed_until AS "until" FROM check_watch')
    const intervals = database.prepare<[{ checkId: string; from: number; to: number }], IntervalRow>(
      `SELECT check_id AS checkId, from_at AS "from", to_at AS "to", state, reason_code AS reasonCode,
              reason_message AS reasonMessage
       FROM check_interval
       WHERE check_id = @checkId AND from_at < @to AND to_at > @from AND from_at >=
         coalesce((SELECT max(from_at) FROM check_interval WHERE check_id = @checkId AND from_at <= @from), 0)
       ORDER BY from_at`,
    )
    const results = (condition: string) =>
      database.prepare<[Omit<ResultsQuestion, 'failuresOnly'> & ResultPosition], ResultRow>(
        `SELECT check_id AS checkId, at, id, trigger, outcome, reason_code AS reasonCode,
                reason_message AS reasonMessage, duration_ms AS durationMs, phases, evidence, passing, repeated
         FROM check_result
         WHERE check_id = @checkId AND at >= @from AND at < @to AND (at, id) < (@at, @id) ${condition}
         ORDER BY at DESC, id DESC LIMIT @limit`,
      )
    const allResults = results('')
    const failures = results("AND outcome <> 'up'")
    const prunable = database.prepare<[{ resultsBefore: number; intervalsBefore: number }], { found: number }>(
      `SELECT EXISTS (SELECT 1 FROM check_result WHERE at < @resultsBefore)
           OR EXISTS (SELECT 1 FROM check_interval WHERE to_at <= @intervalsBefore) AS found`,
    )
    return {
      'check.runtimes': (
        _: Readonly<Record<string, never>>,
      ): { observedUntil: number | null; runtimes: StoredRuntime[] } => ({
        observedUntil: watch.get()?.until ?? null,
        runtimes: runtimes.all(),
      }),
      /** Settled stretches that overlap `[from, to)`: per check ascending, in the order of `checkIds`. */
      'check.intervals': (input: {
        readonly checkIds: readonly string[]
        readonly from: number
        readonly to: number
      }): StoredInterval[] =>
        input.checkIds.flatMap((checkId) => intervals.all({ checkId, from: input.from, to: input.to }).map(intervalOf)),
      /** Newest first. */
      'check.results': (input: ResultsQuestion & { readonly before: ResultPosition | null }): CheckResult[] => {
        const { checkId, from, to, limit } = input
        const { at, id } = input.before ?? { at: to, id: '' }
        return (input.failuresOnly ? failures : allResults).all({ checkId, from, to, limit, at, id }).map(resultOf)
      },
      'check.prunable': (input: { readonly resultsBefore: number; readonly intervalsBefore: number }): boolean =>
        prunable.get(input)?.found === 1,
    }
  },
})

export interface ResultsQuestion {
  readonly checkId: string
  readonly from: number
  readonly to: number
  readonly failuresOnly: boolean
  readonly limit: number
}

interface IntervalRow {
  readonly checkId: string
  readonly from: number
  readonly to: number
  readonly state: StateInterval['state']
  readonly reasonCode: string
  readonly reasonMessage: string
}

interface ResultRow {
  readonly checkId: string
  readonly at: number
  readonly id: string
  readonly trigger: CheckResult['trigger']
  readonly outcome: CheckResult['outcome']
  readonly reasonCode: string
  readonly reasonMessage: string
  readonly durationMs: number
  readonly phases: string
  readonly evidence: string
  readonly passing: number
  readonly repeated: number
}

function intervalOf({ reasonCode, reasonMessage, ...row }: IntervalRow): StoredInterval {
  return { ...row, reason: { code: reasonCode, message: reasonMessage } }
}

function rowOf(result: CheckResult, passing: boolean, repeated: boolean): ResultRow {
  const { reason, phases, evidence, ...rest } = result
  return {
    ...rest,
    reasonCode: reason.code,
    reasonMessage: reason.message,
    phases: JSON.stringify(phases),
    evidence: JSON.stringify(evidence),
    passing: passing ? 1 : 0,
    repeated: repeated ? 1 : 0,
  }
}

function resultOf({ reasonCode, reasonMessage, passing: _, repeated: __, ...row }: ResultRow): CheckResult {
  return {
    ...row,
    reason: { code: reasonCode, message: reasonMessage },
    phases: JSON.parse(row.phases),
    evidence: JSON.parse(row.evidence),
  }
}
