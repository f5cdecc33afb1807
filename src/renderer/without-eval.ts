/** Must be imported before the contract: zod would otherwise try to compile its checks, which the page's policy forbids. */
import { config } from 'zod'

config({ jitless: true })
