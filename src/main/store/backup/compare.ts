/** What a backup lacks: rows of the living belfry.db beside those of the backup's, table by table. */
import { join } from 'node:path'
import Database from 'better-sqlite3'

export interface TableComparison {
  readonly table: string
  readonly presentRows: number
  readonly backupRows: number
}

/** Tables that an operator knows, in the words of the screens; only those whose counts differ. */
export function compareTables(dataDir: string, folder: string): TableComparison[] {
  const present = countsOf(join(dataDir, 'belfry.db'))
  const backup = countsOf(join(folder, 'belfry.db'))
  return Object.entries(tablesInWords).flatMap(([table, words]) => {
    const [presentRows, backupRows] = [present.get(table) ?? 0, backup.get(table) ?? 0]
    return presentRows === backupRows ? [] : [{ table: words, presentRows, backupRows }]
  })
}

function countsOf(file: string): ReadonlyMap<string, number> {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 })
  try {
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all()
      .filter((name) => Object.hasOwn(tablesInWords, name))
    const count = (table: string) => database.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0
    return new Map(tables.map((table) => [table, count(table)]))
  } finally {
    database.close()
  }
}

const tablesInWords: Readonly<Record<string, string>> = {
  check_result: 'Results of checks',
  check_interval: 'Changes of state',
  alert: 'Alerts',
  alert_event: 'Steps of alerts',
  inbox: 'Messages in the inbox',
  delivery: 'Deliveries',
  token: 'API tokens',
  audit: 'Audit entries',
}
