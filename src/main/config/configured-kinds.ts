/** Every kind that an entry of belfry.yaml can be of. */
import { checkKinds } from '#main/checks/kinds/index.ts'
import { serviceKinds } from '#main/collectors/services/kinds/index.ts'

export const configuredKinds = { checks: checkKinds, collectors: serviceKinds } as const
