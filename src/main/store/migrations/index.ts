/**
 * Forward migrations of belfry.db, in order. A number is never used twice and a landed migration never edited; each runs
 * in one transaction after a verified backup (see migrate.ts). There is no way back but that backup.
 */

import { checks } from './0001-checks.ts'
import { alerts } from './0002-alerts.ts'
import { access } from './0003-access.ts'
import { repeatedFailures } from './0004-repeated-failures.ts'
import { pings } from './0005-pings.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

export const migrations: readonly Migration[] = [checks, alerts, access, repeatedFailures, pings]
