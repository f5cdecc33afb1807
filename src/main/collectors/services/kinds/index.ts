/** Every kind of collector of services, in the order in which they are offered. */
import type { ServiceKind } from '../kind.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'

export const serviceKinds: readonly ServiceKind[] = [postgres, redis]
