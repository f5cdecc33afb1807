import { prepareSecureContexts } from '#main/checks/network/authorities.ts'
import { joinHostPort } from '#main/checks/network/host.ts'
import { defineServiceKind } from '../kind.ts'
import { readSql, SqlConfig } from '../sql/read.ts'

export const sql = defineServiceKind({
  kind: 'sql',
  title: 'SQL query',
  description:
    'Makes metrics of the rows of any query that reads, on a PostgreSQL server: columns become values and labels.',
  config: SqlConfig,
  target: ({ host, port, database }) => `${joinHostPort(host, port)}/${database}`,
  host: ({ host }) => host,
  charts: [],
  prepare: prepareSecureContexts,
  run: readSql,
})
