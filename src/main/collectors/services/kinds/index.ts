/** Every kind of collector of services, in the order in which they are offered. */
import type { ServiceKind } from '../kind.ts'
import { docker } from './docker.ts'
import { json } from './json.ts'
import { kubernetes } from './kubernetes.ts'
import { nginx } from './nginx.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'
import { sql } from './sql.ts'

export const serviceKinds: readonly ServiceKind[] = [postgres, redis, nginx, docker, kubernetes, json, sql]
