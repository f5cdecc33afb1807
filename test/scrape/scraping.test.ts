/** One target and all that it may do, over real sockets. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TargetView } from '#shared/contract/scrape.ts'
import { type Exporter, startExporter } from './exporter.ts'
import { type Job, jobOf, type ScrapeWorld, scrapeWorld, type WorldOptions } from './scrape-world.ts'

let exporter: Exporter
let world: ScrapeWorld | null = null

beforeEach(async () => {
  exporter = await startExporter('a 1\n')
})
afterEach(async () => {
  await world?.close()
  world = null
  await exporter.close()
})

async function open(fields: Record<string, unknown> = {}, options: WorldOptions = {}): Promise<ScrapeWorld> {
  world = await scrapeWorld([jobOf(exporter.address, fields)], options)
  return world
}

/** Answers once, and gives what became of the scrape. */
async function scraped(
  text: Exporter['answer'],
  fields: Record<string, unknown> = {},
  options: WorldOptions = {},
): Promise<TargetView> {
  exporter.answer = text
  return (world ?? (await open(fields, options))).scrape()
}

describe('a scrape that goes well', () => {
  it('stores samples under the labels of their target, and up', async () => {
    const { samples, scrape } = await open()
    exporter.answer = '# TYPE a counter\na{b="c"} 1\na{b="d"} 2\n'
    expect(await scrape()).toMatchObject({ state: 'up', samples: 2, samplesKept: 2, error: null, warnings: [] })
    expect(await samples('a')).toEqual({ 'b=c': [1], 'b=d': [2] })
    expect(await samples('up')).toEqual({ '': [1] })
    expect(await samples('scrape_samples_scraped')).toEqual({ '': [2] })
    expect(await samples('scrape_series_added')).toEqual({ '': [2] })
    const [up] = await (world as ScrapeWorld).metrics.select([{ label: '__name__', op: '=', value: 'up' }], {
      from: 0,
      to: 1e15,
    })
    expect(up?.labels).toEqual({ instance: exporter.address, job: 'test' })
  })

  it('asks as Prometheus does, over one connection', async () => {
    const { scrape } = await open({ params: { module: ['x'] }, metrics_path: '/probe', scrape_timeout: '5s' })
    await scrape()
    await scrape()
    const [request] = exporter.requests
    expect(request?.url).toBe('/probe?module=x')
    expect(request?.headers['x-prometheus-scrape-timeout-seconds']).toBe('5')
    expect(request?.headers.accept).toContain('application/openmetrics-text')
    expect(request?.headers['accept-encoding']).toBe('gzip')
    expect(exporter.connections()).toBe(1)
  })

  it('takes the scrapes of a target to its own place in the interval', async () => {
    const { ports, samples } = await open({ scrape_interval: '15s' })
    for (let i = 0; i < 3; i++) {
      const asked = exporter.asked()
      await ports.time.advance(15_000)
      await asked
    }
    await expect.poll(async () => (await samples('up'))['']).toEqual([1, 1, 1])
  })

  it('inflates what is compressed', async () => {
    const packed = gzipSync('a 1\n')
    const view = await scraped((_, response) => void response.setHeader('content-encoding', 'gzip').end(packed))
    expect(view).toMatchObject({ state: 'up', samples: 1, lastBytes: 4 })
  })

  it('reads OpenMetrics where it is told so', async () => {
    const view = await scraped((_, response) => {
      response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
      response.end('# TYPE a counter\n# UNIT a_seconds seconds\na_total 1 # {x="y"} 2\n# EOF\n')
    })
    expect(view).toMatchObject({ state: 'up', samples: 1 })
  })

  it('keeps what is said of metrics', async () => {
    await scraped('# HELP a What it is\n# TYPE a counter\na 1\n')
    expect(world?.metadata.of('a')).toEqual({ type: 'counter', help: 'What it is', unit: '' })
    expect(world?.scraping.metadata({ selector: '{job="test"}', metric: null, limit: null })).toMatchObject([
      { metric: 'a', type: 'counter' },
    ])
    expect(world?.scraping.metadata({ selector: '{job="other"}', metric: null, limit: null })).toEqual([])
  })

  it('renames labels that the target has too', async () => {
    await scraped('a{job="inner",exported_job="old"} 1\n')
    expect(Object.keys((await world?.samples('a')) ?? {})).toEqual(['exported_exported_job=inner,exported_job=old'])
  })

  it('leaves labels to the exposition where it is to be honoured', async () => {
    await scraped('a{job="inner"} 1\n', { honor_labels: true })
    const [series] =
      (await world?.metrics.select([{ label: '__name__', op: '=', value: 'a' }], { from: 0, to: 1e15 })) ?? []
    expect(series?.labels['job']).toBe('inner')
  })

  it('relabels samples, and drops those that it should', async () => {
    const view = await scraped('go_x 1\nnode_a{cpu="0"} 2\nnode_b 3\n', {
      metric_relabel_configs: [
        { source_labels: ['__name__'], regex: 'go_.*', action: 'drop' },
        { source_labels: ['__name__'], regex: 'node_b', target_label: '__name__', replacement: 'node_c' },
        { regex: 'cpu', action: 'labeldrop' },
      ],
    })
    expect(view).toMatchObject({ samples: 3, samplesKept: 2 })
    expect(await world?.samples('node_a')).toEqual({ '': [2] })
    expect(await world?.samples('node_c')).toEqual({ '': [3] })
  })
})

describe('series that come and go', () => {
  it('end where they are not exposed any more, and begin again', async () => {
    await scraped('a 1\nb 1\n')
    await scraped('a 2\n')
    await scraped('a 3\nb 3\n')
    expect(await world?.samples('a')).toEqual({ '': [1, 2, 3] })
    expect(await world?.samples('b')).toEqual({ '': [1, 'stale', 3] })
    expect(await world?.samples('scrape_series_added')).toEqual({ '': [2, 0, 1] })
  })

  it('end all when the target fails, and up is 0', async () => {
    await scraped('a 1\n')
    const view = await scraped((_, response) => void response.writeHead(503).end())
    expect(view).toMatchObject({ state: 'down', error: 'expected status 200, got 503 Service Unavailable' })
    expect(await world?.samples('a')).toEqual({ '': [1, 'stale'] })
    expect(await world?.samples('up')).toEqual({ '': [1, 0] })
  })

  it('end all when the target is not named any more, up too', async () => {
    await scraped('a 1\n')
    await world?.ports.time.advance(1000)
    await world?.rewrite([])
    expect(world?.targets()).toEqual([])
    expect(await world?.samples('a')).toEqual({ '': [1, 'stale'] })
    expect(await world?.samples('up')).toEqual({ '': [1, 'stale'] })
  })

  it('go on when the job is changed, but for those it drops now', async () => {
    await scraped('a 1\nb 1\n')
    await world?.rewrite([
      jobOf(exporter.address, {
        metric_relabel_configs: [{ source_labels: ['__name__'], regex: 'b', action: 'drop' }],
      }),
    ])
    await scraped('a 2\nb 2\n')
    expect(await world?.samples('a')).toEqual({ '': [1, 2] })
    expect(await world?.samples('b')).toEqual({ '': [1, 'stale'] })
    expect(await world?.samples('up')).toEqual({ '': [1, 1] })
  })
})

describe('timestamps and doubles', () => {
  it('takes timestamps of the exposition, unless it is not to', async () => {
    const { ports, scrape, metrics } = await open()
    const at = ports.clock.now() - 60_000
    exporter.answer = `a 1 ${at}\n`
    await scrape()
    const [series] = await metrics.select([{ label: '__name__', op: '=', value: 'a' }], { from: 0, to: 1e15 })
    expect([...(series?.times ?? [])]).toEqual([at])
    await world?.rewrite([jobOf(exporter.address, { honor_timestamps: false })])
    await scrape()
    const [own] = await metrics.select([{ label: '__name__', op: '=', value: 'a' }], { from: 0, to: 1e15 })
    expect(own?.times.at(-1)).toBeGreaterThan(at)
  })

  it('leaves out what is from too long ago or too far ahead, and says so', async () => {
    const { ports, scrape, samples } = await open()
    const now = ports.clock.now()
    exporter.answer = `a 1 ${now - 3 * 3_600_000}\nb 1 ${now + 3_600_000}\nc 1\n`
    const view = await scrape()
    expect(view).toMatchObject({ state: 'up', samples: 3 })
    expect(view.warnings).toEqual([
      '2 samples have timestamps from more than two hours ago or ten minutes ahead and are left out.',
    ])
    expect(await samples('a')).toEqual({})
    expect(await samples('c')).toEqual({ '': [1] })
  })

  it('takes the first of two samples of one series, and says so', async () => {
    const view = await scraped('a{b="c",d="e"} 1\na{d="e",b="c"} 2\na{b="c",d="e"} 3\n')
    expect(view.warnings).toEqual([
      '2 samples of series that were exposed before in the same scrape are left out: each may be there once.',
    ])
    expect(await world?.samples('a')).toEqual({ 'b=c,d=e': [1] })
  })
})

describe('a target that is no good', () => {
  const bomb = gzipSync(Buffer.alloc(20 * 2 ** 20, '# nothing\n'))

  it.each<[string, Exporter['answer'], Record<string, unknown>, string | RegExp]>([
    ['broken text', 'a 1\nb{c="d} 2\n', {}, '2:10: expected a closing quote in'],
    ['a page', '<html>\n', {}, '1:1: expected a metric\'s name or a comment, got "<html>"'],
    [
      'OpenMetrics that was cut off',
      (_, response) => void response.setHeader('content-type', 'application/openmetrics-text').end('a 1\n'),
      {},
      '2:1: expected "# EOF" as the last line',
    ],
    [
      'too many samples',
      'a 1\nb 1\nc 1\n',
      { sample_limit: 2 },
      'expected at most 2 samples in one scrape (sample_limit), got more at line 3',
    ],
    [
      'too many labels',
      'a{b="c",d="e"} 1\n',
      { label_limit: 4 },
      'expected at most 4 labels (label_limit), got 5 at a',
    ],
    [
      'long label names',
      'a{bbbbbbbbbbbbbbbbbbbbb="c"} 1\n',
      { label_name_length_limit: 20 },
      'expected label names of at most 20 characters (label_name_length_limit), got 21 at a',
    ],
    [
      'long label values',
      `a{b="${'c'.repeat(31)}"} 1\n`,
      { label_value_length_limit: 30 },
      'expected label values of at most 30 characters (label_value_length_limit), got 31 at a, b',
    ],
    [
      'huge labels',
      `a{b="${'c'.repeat(600_000)}"} 1\n`,
      {},
      '1:5: expected label values of at most 524288 characters, got 600000',
    ],
    [
      'a line without an end',
      (_, response) => void response.end('x'.repeat(2 ** 20 + 10)),
      {},
      '1:1: expected lines of at most 1048576 characters, got a longer one',
    ],
    [
      'a body that is too large',
      'a 1\n'.repeat(1000),
      { body_size_limit: '1KB' },
      'expected a body of at most 1024 bytes (body_size_limit), got more',
    ],
    [
      'a bomb',
      (_, response) => void response.setHeader('content-encoding', 'gzip').end(bomb),
      { body_size_limit: '1MB' },
      'expected a body of at most 1048576 bytes (body_size_limit), got more',
    ],
    [
      'no gzip',
      (_, response) => void response.setHeader('content-encoding', 'gzip').end('a 1\n'),
      {},
      'expected a body by gzip, got what is none: incorrect header check',
    ],
    [
      'an unknown encoding',
      (_, response) => void response.setHeader('content-encoding', 'br').end('a 1\n'),
      {},
      'expected a body as it is or by gzip, got the encoding "br"',
    ],
    [
      'a broken connection',
      (_, response) => void response.write('a 1\n', () => response.destroy()),
      {},
      /closed|reset|terminated/,
    ],
    ['no HTTP', (request) => void request.socket.end('hello\n'), {}, 'expected HTTP, got something else'],
    [
      'redirects without end',
      (_, response) => void response.writeHead(302, { location: '/again' }).end(),
      {},
      'expected at most 10 redirects, got more',
    ],
    [
      'a redirect to a file',
      (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      {},
      'expected a redirect to http or https, got "file:///etc/passwd"',
    ],
    [
      'a redirect that is not followed',
      (_, response) => void response.writeHead(302, { location: '/again' }).end(),
      { follow_redirects: false },
      'expected status 200, got 302 Found',
    ],
  ])('is told with %s', async (_, answer, fields, message) => {
    const view = await scraped(answer, fields)
    expect(view.state).toBe('down')
    if (typeof message === 'string') expect(view.error).toContain(message)
    else expect(view.error).toMatch(message)
    expect(await world?.samples('up')).toEqual({ '': [0] })
    // Nothing of a scrape that failed is stored.
    expect(await world?.samples('a')).toEqual({})
  })

  it('is told when nobody listens', async () => {
    const { scrape } = await open()
    await exporter.close()
    expect(await scrape()).toMatchObject({ state: 'down', error: 'nothing listens there (ECONNREFUSED)' })
  })

  it('is given no more than its timeout, however it drips', async () => {
    const { scrape, ports } = await open({ scrape_interval: '10s', scrape_timeout: '5s' })
    const dripped = new Promise<void>((resolve) => {
      exporter.answer = (_, response) => void response.write('a 1\na', () => resolve())
    })
    const scraping = scrape()
    await dripped
    await ports.time.advance(5000)
    expect(await scraping).toMatchObject({
      state: 'down',
      error: 'expected the whole answer within 5 s, got it not by then',
    })
  })

  it('leaves the others alone', async () => {
    const other = await startExporter('fine 1\n')
    world = await scrapeWorld([jobOf(exporter.address), { ...jobOf(other.address), job_name: 'other' }])
    exporter.answer = 'broken{\n'
    expect(await world.scrape(exporter.address)).toMatchObject({ state: 'down' })
    expect(await world.scrape(other.address)).toMatchObject({ state: 'up', samples: 1 })
    await other.close()
  })

  it('ends with a million series in a limit that has a name, and is read no further', async () => {
    const { scrape } = await open()
    let sent = 0
    const lines = function* () {
      while (sent < 1_000_000) {
        let text = ''
        for (const end = sent + 1000; sent < end; sent++) text += `many{number="${sent}"} 1\n`
        yield text
      }
    }
    const closed = new Promise<void>((resolve) => {
      exporter.answer = (_, response) => {
        response.on('close', resolve)
        Readable.from(lines()).pipe(response)
      }
    })
    const view = await scrape()
    expect(view.error).toBe(
      'expected at most 50000 samples in one scrape (set sample_limit to allow more), got more at line 50001',
    )
    await closed
    expect(sent).toBeLessThan(500_000)
  })
})

describe('who asks', () => {
  const authorization = () => exporter.requests.at(-1)?.headers.authorization

  it('sends user and password, from a file too', async () => {
    const { scrape, directory, rewrite } = await open({ basic_auth: { username: 'u', password: 'p:q' } })
    await scrape()
    expect(authorization()).toBe(`Basic ${btoa('u:p:q')}`)
    await writeFile(join(directory, 'password'), 'secret\n')
    await rewrite([jobOf(exporter.address, { basic_auth: { username: 'u', password_file: 'password' } })])
    await scrape()
    expect(authorization()).toBe(`Basic ${btoa('u:secret')}`)
  })

  it('sends a token, and says when its file is gone', async () => {
    const { scrape, rewrite } = await open({ authorization: { credentials: 'abc' } })
    await scrape()
    expect(authorization()).toBe('Bearer abc')
    await rewrite([jobOf(exporter.address, { bearer_token_file: 'nowhere' })])
    const view = await scrape()
    expect(view.error).toMatch(/^expected credentials_file at .*nowhere, got ENOENT/)
    expect(JSON.stringify(view)).not.toContain('abc')
  })

  it('does not send them to another host', async () => {
    const other = await startExporter('a 1\n')
    const { scrape } = await open({ authorization: { credentials: 'abc' } })
    exporter.answer = (_, response) =>
      void response.writeHead(307, { location: `http://${other.address}/metrics` }).end()
    expect(await scrape()).toMatchObject({ state: 'up' })
    expect(other.requests[0]?.headers.authorization).toBeUndefined()
    await other.close()
  })
})

describe('what this machine could not look at', () => {
  const uplink = (isLost: boolean): NonNullable<WorldOptions['uplink']> => ({
    nearnessOf: () => 'remote',
    hasNeighbours: () => true,
    noteAnswer: () => undefined,
    noteAddress: () => undefined,
    wasLostSince: () => isLost,
    confirmLostSince: async () => isLost,
    onBack: () => () => undefined,
    close: () => undefined,
  })

  it('is neither up nor down while its own link is gone: the series end, and up too', async () => {
    const { scrape, samples } = await open({}, { uplink: uplink(true) })
    await scrape()
    await exporter.close()
    expect(await scrape()).toMatchObject({
      state: 'unobserved',
      error: 'Not looked at: this machine had no network of its own at that time.',
    })
    expect(await samples('up')).toEqual({ '': [1, 'stale'] })
    expect(await samples('a')).toEqual({ '': [1, 'stale'] })
  })

  it('is down when the link is there', async () => {
    const { scrape, samples } = await open({}, { uplink: uplink(false) })
    await exporter.close()
    expect(await scrape()).toMatchObject({ state: 'down' })
    expect(await samples('up')).toEqual({ '': [0] })
  })

  it('is down when it answered wrongly, whatever became of the link', async () => {
    const { scrape } = await open({}, { uplink: uplink(true) })
    exporter.answer = (_, response) => void response.writeHead(500).end()
    expect(await scrape()).toMatchObject({ state: 'down' })
  })
})

describe('targets', () => {
  it('are relabelled, and those that are dropped are remembered', async () => {
    world = await scrapeWorld([
      {
        job_name: 'probes',
        metrics_path: '/probe',
        params: { module: ['http_2xx'] },
        static_configs: [{ targets: ['https://example.org/x', 'http://old'], labels: { env: 'prod' } }],
        relabel_configs: [
          { source_labels: ['__address__'], regex: '.*old', action: 'drop' },
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: exporter.address },
        ],
      },
    ])
    const [pool] = world.scraping.view().pools
    expect(pool?.targets).toMatchObject([
      {
        url: `http://${exporter.address}/probe?module=http_2xx&target=https%3A%2F%2Fexample.org%2Fx`,
        labels: { env: 'prod', instance: 'https://example.org/x', job: 'probes' },
        discovered: {
          __address__: 'https://example.org/x',
          __metrics_path__: '/probe',
          __param_module: 'http_2xx',
          __scrape_interval__: '1m',
        },
      },
    ])
    expect(pool).toMatchObject({
      droppedCount: 1,
      dropped: [{ discovered: { __address__: 'http://old' } }],
      problems: [],
    })
  })

  it('are none of a job that has more than it may', async () => {
    world = await scrapeWorld([{ job_name: 'a', target_limit: 1, static_configs: [{ targets: ['x:1', 'y:1'] }] }])
    expect(world.scraping.view().pools[0]).toMatchObject({
      targets: [],
      problems: ['expected at most 1 targets (target_limit), got 2: none is scraped'],
    })
  })

  it('begin and end by the thousand', async () => {
    const targets = (count: number) => Array.from({ length: count }, (_, index) => `host-${index}:9100`)
    const many = (count: number) => ({
      job_name: 'many',
      scrape_interval: '1d',
      static_configs: [{ targets: targets(count) }],
      metric_relabel_configs: [{ source_labels: ['__name__'], regex: 'go_.*', action: 'drop' }],
    })
    world = await scrapeWorld([many(3000)])
    expect(world.targets()).toHaveLength(3000)
    const kept = world.targets()[7]?.id
    await world.rewrite([many(1000)])
    expect(world.targets()).toHaveLength(1000)
    expect(world.targets()[7]?.id).toBe(kept)
  })

  it('come from files as they are, and stay while a file is broken', async () => {
    const job: Job = { job_name: 'files', file_sd_configs: [{ files: ['targets/*.json', 'more.yml'] }] }
    world = await scrapeWorld([job])
    const { directory, scraping, targets } = world
    expect(targets()).toEqual([])
    await writeFile(join(directory, 'more.yml'), '- targets: [a:1]\n  labels: { env: prod }\n')
    await scraping.reload()
    expect(targets()).toMatchObject([
      {
        url: 'http://a:1/metrics',
        labels: { env: 'prod' },
        discovered: { __meta_filepath: join(directory, 'more.yml') },
      },
    ])
    await writeFile(join(directory, 'more.yml'), '- targets: [a:1\n')
    await scraping.reload()
    expect(targets()).toHaveLength(1)
    expect(scraping.view().problems[0]?.message).toMatch(
      /^expected a list of targets, got what is no YML: .*what it said before is used$/s,
    )
  })
})

describe('a change of prometheus.yml that is wrong', () => {
  it('leaves running what ran before, and says so', async () => {
    const { path, scraping, targets, notices } = await open()
    await writeFile(path, 'scrape_configs: [')
    await scraping.reload()
    expect(targets()).toHaveLength(1)
    expect(notices.list()).toMatchObject([{ title: 'Part of prometheus.yml is not used' }])
    await writeFile(
      path,
      `scrape_configs:\n  - job_name: test\n    metric_path: /x\n    static_configs: [{ targets: ["${exporter.address}"] }]\n`,
    )
    await scraping.reload()
    expect(targets()).toHaveLength(1)
    expect(scraping.view().problems.map(({ line }) => line)).toEqual([2, 3])
  })
})

describe('an address that is tried', () => {
  it('shows its first samples, and what is odd about them', async () => {
    const { scraping } = await open()
    exporter.answer = 'a{b="c"} 1\n# TYPE a counter\nd NaN\n'
    expect(await scraping.tryAddress(exporter.address)).toMatchObject({
      url: `http://${exporter.address}/metrics`,
      format: 'text',
      samples: 2,
      metrics: 2,
      first: [
        { name: 'a', labels: { b: 'c' }, value: '1' },
        { name: 'd', labels: {}, value: 'NaN' },
      ],
      remark: '2:1: expected the TYPE line of a before its samples',
    })
  })

  it('says why it gives no metrics', async () => {
    const { scraping } = await open()
    await expect(scraping.tryAddress('not an address')).rejects.toThrow('expected an address such as db-1:9100')
    exporter.answer = '<html>'
    await expect(scraping.tryAddress(`http://${exporter.address}/x`)).rejects.toThrow(
      `http://${exporter.address}/x: 1:1: expected a metric's name`,
    )
  })

  it('is added to prometheus.yml, whose comments stay', async () => {
    const { path, scraping, targets } = await open()
    await writeFile(
      path,
      '# ours\nscrape_configs:\n  - job_name: node # all machines\n    static_configs:\n      - targets: [a:9100]\n',
    )
    const { difference } = await scraping.add('b:9100', 'node')
    await scraping.add('https://u:p@c/x?y=z', 'other')
    expect(difference).toContain('+      - targets: [ a:9100, b:9100 ]')
    const text = await readFile(path, 'utf8')
    expect(text).toContain('# ours\n')
    expect(text).toContain('job_name: node # all machines')
    expect(targets().map(({ url }) => url)).toEqual([
      'http://a:9100/metrics',
      'http://b:9100/metrics',
      'https://c/x?y=z',
    ])
    await expect(scraping.add('b:9100', 'node')).rejects.toThrow('b:9100 is a target of the job "node" already')
    await expect(scraping.add('b:9100/other', 'node')).rejects.toThrow('the job "node" asks http://.../metrics')
  })
})
