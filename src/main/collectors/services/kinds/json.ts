import { authorization } from '#main/checks/http-probe/probe.ts'
import { prepareSecureContexts } from '#main/checks/network/authorities.ts'
import { down } from '#main/checks/network/failure.ts'
import { getJson } from '../http.ts'
import { JsonConfig } from '../json/config.ts'
import { takeMetric } from '../json/metrics.ts'
import { defineServiceKind, ServiceRefusal } from '../kind.ts'
import { instanceOf } from './nginx.ts'

export const json = defineServiceKind({
  kind: 'json',
  title: 'JSON endpoint',
  description: 'Reads numbers out of any JSON document by JSONPath (RFC 9535); lists become series with labels.',
  config: JsonConfig,
  target: ({ url }) => instanceOf(url),
  host: ({ url }) => new URL(url).hostname.replace(/^\[|\]$/g, ''),
  charts: [],
  prepare: prepareSecureContexts,
  async run(config, { clock }, signal) {
    const url = new URL(config.url)
    const { verifyTls, authorities, ipVersion, maxBodyBytes } = config
    const question = {
      url,
      headers: { ...authorization(config.auth), ...config.headers },
      tls: { verify: verifyTls, authorities },
      ipVersion,
      maxBodyBytes,
    }
    const document = await getJson(question, url.host, clock, signal)
    const taken = config.metrics.map((wanted) => takeMetric(document, wanted))
    const problems = taken.flatMap((one) => one.problems)
    const metrics = taken.map(({ metric }) => metric).filter(({ samples }) => samples.length > 0)
    if (metrics.length > 0) return { metrics, facts: [], problems }
    // Nothing that was asked for is there any more: that is no reading.
    throw new ServiceRefusal(down('schema-changed', `${url.host} answered, but without what is read: ${problems[0]}`))
  },
})
