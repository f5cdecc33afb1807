/** What is read from a prometheus.yml, beside what promtool says of the same file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPrometheus } from '#main/scrape/read-prometheus.ts'
import { hasPromtool, judged } from '#test/rules/promtool.ts'

const file = '/etc/prometheus/prometheus.yml'

const job = (fields: string) => `scrape_configs:\n  - job_name: a\n${fields.replace(/^/gm, '    ')}\n`

const messages = (text: string) =>
  readPrometheus(file, text).problems.map(({ level, line, message }) => `${level} ${line}: ${message}`)

describe('a prometheus.yml', () => {
  it('gives jobs with what is global and what is theirs', () => {
    const { config, problems } = readPrometheus(
      file,
      `
global:
  scrape_interval: 15s
  evaluation_interval: 30s
  external_labels: { site: fra1 }
rule_files: [rules/*.yml, /srv/alerts.yml]
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ['db-1:9100', 'db-2:9100']
        labels: { env: prod }
  - job_name: probes
    scrape_interval: 1m
    scrape_timeout: 20s
    metrics_path: /probe
    scheme: https
    params: { module: [http_2xx] }
    honor_labels: true
    honor_timestamps: false
    basic_auth: { username: u, password_file: secrets/p }
    tls_config: { ca_file: ca.pem, insecure_skip_verify: true, server_name: x }
    file_sd_configs:
      - files: [targets/*.json]
        refresh_interval: 1m
    relabel_configs:
      - source_labels: [__address__]
        target_label: __param_target
    sample_limit: 1000
    body_size_limit: 10MB
`,
    )
    expect(problems).toEqual([])
    expect(config).toMatchObject({
      ruleFiles: ['/etc/prometheus/rules/*.yml', '/srv/alerts.yml'],
      externalLabels: { site: 'fra1' },
      evaluationEveryMs: 30_000,
    })
    const [node, probes] = config.jobs
    expect(node).toMatchObject({
      name: 'node',
      line: 8,
      everyMs: 15_000,
      timeoutMs: 10_000,
      metricsPath: '/metrics',
      groups: [{ targets: ['db-1:9100', 'db-2:9100'], labels: { env: 'prod' } }],
    })
    expect(probes).toMatchObject({
      everyMs: 60_000,
      timeoutMs: 20_000,
      metricsPath: '/probe',
      scheme: 'https',
      params: { module: ['http_2xx'] },
      honorLabels: true,
      honorTimestamps: false,
      http: {
        basicAuth: { username: 'u', password: { text: null, file: '/etc/prometheus/secrets/p' } },
        tls: { ca: { file: '/etc/prometheus/ca.pem' }, insecureSkipVerify: true, serverName: 'x' },
      },
      targetFiles: ['/etc/prometheus/targets/*.json'],
      relabel: [{ sourceLabels: ['__address__'], targetLabel: '__param_target', action: 'replace' }],
      limits: { samples: 1000, bodyBytes: 10 * 2 ** 20 },
    })
  })

  it('understands anchors and merged mappings', () => {
    const { config, problems } = readPrometheus(
      file,
      `
x: &x
  scrape_interval: 5s
scrape_configs:
  - <<: *x
    job_name: a
`,
    )
    expect(config.jobs[0]?.everyMs).toBe(5000)
    expect(problems).toHaveLength(1)
  })

  it('leaves out a job with a mistake, and scrapes the others', () => {
    const text = `scrape_configs:
  - job_name: good
  - job_name: bad
    metric_path: /x
  - job_name: good too
`
    const { config, refused } = readPrometheus(file, text)
    expect(config.jobs.map(({ name }) => name)).toEqual(['good', 'good too'])
    expect(refused).toEqual(['bad'])
    expect(messages(text)).toEqual([
      'error 3: the job "bad" has a mistake and is not scraped as it stands here; the others are',
      'error 4: expected fields that Prometheus knows in a job, got "metric_path"; did you mean "metrics_path"?',
    ])
  })

  it('names each part that has no effect, with its line', () => {
    expect(
      messages(`alerting:
  alertmanagers: []
remote_write:
  - url: http://x/
scrape_configs:
  - job_name: a
    proxy_url: http://proxy:3128
    kubernetes_sd_configs:
      - role: pod
`),
    ).toEqual([
      'warning 1: "alerting" in the file has no effect: Belfry tells alerts itself: see the settings of notifications',
      'warning 3: "remote_write" in the file has no effect: Belfry sends its samples nowhere; who wants them may read /federate',
      'warning 7: "proxy_url" in a job has no effect: targets are asked directly, without a proxy',
      'warning 8: "kubernetes_sd_configs" in a job has no effect: of the ways to discover targets Belfry knows static_configs and file_sd_configs',
    ])
  })

  it('says where a text is no YAML, and uses nothing of it', () => {
    const { isBroken, problems } = readPrometheus(file, 'scrape_configs:\n  - job_name: [a\n')
    expect(isBroken).toBe(true)
    expect(problems[0]).toMatchObject({ level: 'error', file, line: 3 })
  })
})

const good: Record<string, string> = {
  empty: '',
  minimal: job('static_configs: [{ targets: ["localhost:9090"] }]'),
  global:
    'global: { scrape_interval: 1m30s, scrape_timeout: 10s, evaluation_interval: 1m, external_labels: { a: b } }\n',
  'every option': job(`scrape_interval: 30s
scrape_timeout: 5s
metrics_path: /m
scheme: https
params: { a: [b, c] }
honor_labels: true
honor_timestamps: false
follow_redirects: false
authorization: { type: Token, credentials: x }
tls_config: { insecure_skip_verify: true }
sample_limit: 5
label_limit: 6
label_name_length_limit: 7
label_value_length_limit: 8
target_limit: 9
body_size_limit: 1MB`),
  'an interval of nothing': job('scrape_interval: 0s'),
  'basic auth': job('basic_auth: { username: a, password: b }'),
  'bearer token': job('bearer_token: abc'),
  'all actions': job(`relabel_configs:
  - { source_labels: [a], regex: x, action: keep }
  - { source_labels: [a], regex: x, action: drop }
  - { source_labels: [a], target_label: b, action: keepequal }
  - { source_labels: [a], target_label: b, action: dropequal }
  - { source_labels: [a], target_label: b, action: lowercase }
  - { source_labels: [a], target_label: b, action: Uppercase }
  - { source_labels: [a], target_label: b, action: hashmod, modulus: 4 }
  - { regex: a(.*), replacement: "b_$1", action: labelmap }
  - { regex: a.*, action: labeldrop }
  - { regex: a.*, action: labelkeep }
  - { source_labels: [a], target_label: "x_$1", replacement: "" }
metric_relabel_configs:
  - { source_labels: [__name__], regex: "go_.*", action: drop }`),
  'a path in a target that relabelling takes': job(`static_configs: [{ targets: ["https://example.org/x"] }]
relabel_configs:
  - { source_labels: [__address__], target_label: __param_target }
  - { target_label: __address__, replacement: "127.0.0.1:9115" }`),
  'file discovery': job('file_sd_configs: [{ files: ["targets/*.yml", "x.json"], refresh_interval: 30s }]'),
  'other discovery': job('dns_sd_configs: [{ names: [x.example.org] }]'),
}

const bad: Record<string, string> = {
  'no YAML': 'scrape_configs: [',
  'an unknown field': 'scrape: []\n',
  'an unknown field of global': 'global: { interval: 5s }\n',
  'no name': 'scrape_configs: [{ metrics_path: /x }]\n',
  'the same name twice': 'scrape_configs: [{ job_name: a }, { job_name: a }]\n',
  'a wrong duration': job('scrape_interval: 5 seconds'),
  'a timeout beyond the interval': job('scrape_interval: 5s\nscrape_timeout: 6s'),
  'a global timeout beyond the interval': 'global: { scrape_interval: 5s, scrape_timeout: 6s }\n',
  'a flag that is none': job('honor_labels: perhaps'),
  'a list that is none': job('static_configs: x'),
  'a path in a target': job('static_configs: [{ targets: ["http://localhost:9090/metrics"] }]'),
  'a wrong label': job('static_configs: [{ targets: [x], labels: { "a-b": c } }]'),
  'an unknown field of a group': job('static_configs: [{ hosts: [x] }]'),
  'two ways to log in': job('basic_auth: { username: a }\nbearer_token: b'),
  'a password twice': job('basic_auth: { username: a, password: b, password_file: c }'),
  'Basic as authorization': job('authorization: { type: Basic, credentials: x }'),
  'a certificate without a key': job('tls_config: { cert_file: x }'),
  'an unknown action': job('relabel_configs: [{ action: rename }]'),
  'a wrong expression': job('relabel_configs: [{ source_labels: [a], regex: "(", target_label: b }]'),
  'no modulus': job('relabel_configs: [{ source_labels: [a], target_label: b, action: hashmod }]'),
  'no target label': job('relabel_configs: [{ source_labels: [a] }]'),
  'a wrong target label': job('relabel_configs: [{ source_labels: [a], target_label: "x y" }]'),
  'too much of labeldrop': job('relabel_configs: [{ source_labels: [a], regex: b, action: labeldrop }]'),
  'too much of keepequal': job(
    'relabel_configs: [{ source_labels: [a], target_label: b, regex: c, action: keepequal }]',
  ),
  'a file of targets of another kind': job('file_sd_configs: [{ files: ["targets.txt"] }]'),
  'a wildcard in a directory': job('file_sd_configs: [{ files: ["*/x.json"] }]'),
  'a size that is none': job('body_size_limit: 10 apples'),
  'a limit that is none': job('sample_limit: many'),
}

describe.skipIf(!hasPromtool)('promtool (package: prometheus)', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'belfry-promtool-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  async function promtoolAccepts(text: string): Promise<boolean> {
    const path = join(directory, 'prometheus.yml')
    await writeFile(path, text)
    return !(await judged('check', 'config', '--syntax-only', path)).includes('FAILED')
  }

  const errors = (text: string) => readPrometheus(file, text).problems.filter(({ level }) => level === 'error')

  it.each(Object.entries(good))('takes %s, and so does Belfry', async (_, text) => {
    expect(errors(text)).toEqual([])
    expect(await promtoolAccepts(text)).toBe(true)
  })

  it.each(Object.entries(bad))('refuses %s, and Belfry names its line', async (_, text) => {
    expect(errors(text)[0]?.line).toBeGreaterThan(0)
    expect(await promtoolAccepts(text)).toBe(false)
  })
})
