/** Handlers of the wall calls. A screen let in by a link sees its own wall; whoever may see everything sees all. */
import type { Tokens } from '#main/access/tokens.ts'
import type { ConfigFile } from '#main/config/config-file.ts'
import type { WallDisplays } from '#main/walls/wall-displays.ts'
import type { WallService } from '#main/walls/wall-service.ts'
import type { Caller } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

interface WallHandlerOptions {
  readonly walls: WallService
  readonly displays: WallDisplays
  readonly config: ConfigFile
  readonly tokens: Tokens
}

export function wallHandlers({ walls, displays, config, tokens }: WallHandlerOptions): HandlersOf<'walls'> {
  return {
    'walls.list': () => [...walls.list()],
    'walls.save': ({ name, wall }) => config.saveWall(name, wall),
    'walls.remove': ({ name }) => config.removeWall(name),
    'walls.view'({ name, page }, { caller }) {
      refuseOthers(caller, name)
      return walls.view(name, page)
    },
    'walls.preview': ({ wall, page }) => walls.preview(wall, page),
    async 'walls.link'({ name }, { caller }) {
      const { token, secret } = await tokens.createForWall(walls.get(name).name, caller)
      return { tokenId: token.id, path: `/wall/${name}/open?key=${secret}` }
    },
    'walls.displays': () => displays.displays(),
    'walls.show'({ display, name }) {
      displays.show(display, name === null ? null : walls.get(name).name)
      return displays.displays()
    },
  }
}

function refuseOthers(caller: Caller, name: string): void {
  if (caller.role !== 'wall' || caller.walls?.includes(name)) return
  throw new AppError('forbidden', `This screen was let in to another wall. Open a link of the wall "${name}" here.`)
}
