/** Handlers of the doctor and of the outlook on storage: translation only. */
import type { Care } from '#main/care/care.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function careHandlers({
  examine,
  outlook,
}: Care): HandlersOf<'doctor'> & Pick<HandlersOf<'storage'>, 'storage.outlook'> {
  return {
    'doctor.examine': () => examine(),
    'storage.outlook': () => outlook(),
  }
}
