import { type Role, roleSuffices } from '#shared/contract/define.ts'
import { useCall } from '../client/use-call.ts'

/** Whether who looks may do what needs this role; false until it is known. */
export function useMay(needed: Role): boolean {
  const info = useCall('console.info', {})
  return info.data !== null && roleSuffices(info.data.caller.role, needed)
}
