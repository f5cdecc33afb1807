/** Calls about pings, pictures and recordings: translation only. */
import type { CheckService } from '#main/checks/service.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function probeHandlers(
  service: Pick<CheckService, 'pingUrl' | 'pingsOf' | 'picture' | 'import'>,
): HandlersOf<'probes'> {
  return {
    'probes.pingDoor': () => ({ url: service.pingUrl() }),
    'probes.pings': async ({ checkId }) => {
      const pings = await service.pingsOf(checkId)
      return pings === null ? null : pings.map(viewOf)
    },
    'probes.picture': async ({ name }) => ({
      jpegBase64: Buffer.from(await service.picture(name)).toString('base64'),
    }),
    'probes.import': ({ kind, text }) => service.import(kind, text),
  }
}

type Pings = NonNullable<Awaited<ReturnType<CheckService['pingsOf']>>>

function viewOf({ at, kind, exitStatus, durationMs, method, remoteAddress, userAgent, body }: Pings[number]) {
  return { at, kind, exitStatus, durationMs, method, remoteAddress, userAgent, body }
}
