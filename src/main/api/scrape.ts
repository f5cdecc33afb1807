import type { ScrapeService } from '#main/scrape/scrape-service.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function scrapeHandlers(scraping: ScrapeService): HandlersOf<'scrape'> {
  return {
    'scrape.targets': async () => scraping.view(),
    'scrape.metadata': async (asked) => scraping.metadata(asked),
    'scrape.scrapeNow': ({ id }) => scraping.scrapeNow(id),
    'scrape.reload': () => scraping.reload(),
    'scrape.try': ({ address }) => scraping.tryAddress(address),
    'scrape.add': ({ address, job }) => scraping.add(address, job),
  }
}
