/** Against an API server of its own with TLS, which answers as Kubernetes 1.29 does: no cluster runs here. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { kubernetes } from '#main/collectors/services/kinds/kubernetes.ts'
import { quantityOf } from '#main/collectors/services/kubernetes/pods.ts'
import { type Certificates, makeCertificates, opensslIsThere } from '#test/checks/certificates.ts'
import { collect } from './collect.ts'
import { type AnsweringServer, type Asked, answeringServer } from './http-server.ts'

const token = 'canary-token-1b7e'

const pod = (name: string, more: { phase?: string; ready?: string; restarts?: number; waiting?: string } = {}) => ({
  metadata: {
    name,
    namespace: 'shop',
    creationTimestamp: '2026-01-05T00:00:00Z',
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web' }],
  },
  spec: {
    nodeName: 'node-1',
    containers: [
      {
        name: 'main',
        image: 'shop/web:3',
        resources: { requests: { cpu: '250m', memory: '128Mi' }, limits: { memory: '1Gi', 'nvidia.com/gpu': '1' } },
      },
    ],
  },
  status: {
    phase: more.phase ?? 'Running',
    startTime: '2026-01-05T00:00:05Z',
    conditions: [{ type: 'Ready', status: more.ready ?? 'True' }],
    containerStatuses: [
      {
        name: 'main',
        ready: (more.ready ?? 'True') === 'True',
        restartCount: more.restarts ?? 0,
        state: more.waiting === undefined ? { running: {} } : { waiting: { reason: more.waiting } },
        lastState: {},
      },
    ],
  },
})

describe('a quantity', () => {
  it.each([
    ['250m', 0.25],
    ['2', 2],
    ['1.5Gi', 1_610_612_736],
    ['100k', 100_000],
    ['1e3', 1000],
    ['12E', 12e18],
    [4, 4],
    ['many', null],
    ['5Xi', null],
  ])('%s is %s', (text, value) => expect(quantityOf(text)).toBe(value))
})

describe.skipIf(!opensslIsThere())('a Kubernetes collector (needs the package openssl)', () => {
  let certificates: Certificates
  let directory: string
  let server: AnsweringServer
  let answer: (asked: Asked) => ReturnType<Parameters<typeof answeringServer>[0]>
  const path = () => join(directory, 'kubeconfig')
  beforeAll(async () => {
    certificates = makeCertificates()
    const { key, cert } = certificates.good
    server = await answeringServer((asked) => answer(asked), {
      tls: { key, cert, ca: certificates.root, requestCert: true, rejectUnauthorized: false },
    })
  })
  afterAll(() => server.close())
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'belfry-kube-'))
    server.asked.splice(0)
    answer = ({ headers }) =>
      headers.authorization === `Bearer ${token}`
        ? { kind: 'PodList', metadata: {}, items: [pod('web-1')] }
        : [401, { kind: 'Status', message: 'Unauthorized' }]
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  function write(user: object, cluster: object = {}) {
    const authority = Buffer.from(certificates.root).toString('base64')
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'shop',
      contexts: [{ name: 'shop', context: { cluster: 'main', user: 'watcher' } }],
      clusters: [
        {
          name: 'main',
          cluster: {
            server: `https://127.0.0.1:${server.port}`,
            'certificate-authority-data': authority,
            ...cluster,
          },
        },
      ],
      users: [{ name: 'watcher', user }],
    }
    writeFileSync(path(), stringify(config))
    return { kubeconfig: path() }
  }

  it('reads phases, readiness, restarts, requests and limits, page by page', async () => {
    answer = ({ url }) =>
      url.includes('continue=next')
        ? {
            metadata: {},
            items: [pod('job-1', { phase: 'Pending', ready: 'False', restarts: 4, waiting: 'CrashLoopBackOff' })],
          }
        : { metadata: { continue: 'next' }, items: [pod('web-1')] }
    const read = await collect(kubernetes, { ...write({ token }), namespace: 'shop', labelSelector: 'tier!=test' })
    expect([read.code, read.bugs]).toEqual([null, []])
    const web = { namespace: 'shop', pod: 'web-1' }
    const job = { namespace: 'shop', pod: 'job-1' }
    expect(read.value('kube_pod_status_phase', { ...web, phase: 'Running' })).toBe(1)
    expect(read.value('kube_pod_status_phase', { ...web, phase: 'Pending' })).toBe(0)
    expect(read.value('kube_pod_status_ready', { ...job, condition: 'false' })).toBe(1)
    expect(read.value('kube_pod_container_status_restarts_total', { ...job, container: 'main' })).toBe(4)
    expect(read.value('kube_pod_container_status_waiting_reason', { ...job, reason: 'CrashLoopBackOff' })).toBe(1)
    expect(read.value('kube_pod_container_resource_requests', { ...web, resource: 'cpu', unit: 'core' })).toBe(0.25)
    expect(read.value('kube_pod_container_resource_limits', { ...web, resource: 'memory' })).toBe(2 ** 30)
    expect(read.value('kube_pod_container_resource_limits', { resource: 'nvidia_com_gpu', unit: 'integer' })).toBe(1)
    expect(read.value('kube_pod_info', { ...web, node: 'node-1', created_by_kind: 'ReplicaSet' })).toBe(1)
    expect(read.value('kube_pod_created', web)).toBe(1_767_571_200)
    expect(read.reading.facts).toContainEqual({ name: 'Pods', value: '2' })
    expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/v1/namespaces/shop/pods?limit=100&labelSelector=tier%21%3Dtest',
      'GET /api/v1/namespaces/shop/pods?limit=100&labelSelector=tier%21%3Dtest&continue=next',
    ])
  })

  it('asks with a token from a file, and with a client certificate', async () => {
    writeFileSync(join(directory, 'token'), `${token}\n`)
    expect((await collect(kubernetes, write({ tokenFile: 'token' }))).code).toBeNull()
    const { key, cert } = certificates.deep
    const data = (text: string) => Buffer.from(text).toString('base64')
    answer = () => ({ items: null })
    const user = { 'client-certificate-data': data(cert), 'client-key-data': data(key) }
    const read = await collect(kubernetes, write(user))
    expect([read.code, read.reading.metrics]).toEqual([null, []])
  })

  it('runs the program that gives the credentials only where programs are allowed, and once until they expire', async () => {
    const program = join(directory, 'give')
    const log = join(directory, 'log')
    const credential = {
      kind: 'ExecCredential',
      status: { token, expirationTimestamp: '2999-01-01T00:00:00Z' },
    }
    writeFileSync(
      program,
      `#!/bin/sh\necho called >> ${log}\necho warning >&2\necho "$1" > ${log}.argument\necho '${JSON.stringify(credential)}'\n`,
    )
    chmodSync(program, 0o755)
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: program, args: ['$(id)'], env: null }
    const config = write({ exec })
    const off = await collect(kubernetes, config)
    expect(off.code).toBe('programs-off')
    expect(off.failure?.reason.message).toContain('scripts: { enabled: true }')
    expect((await collect(kubernetes, config, { mayRunPrograms: true })).code).toBeNull()
    expect((await collect(kubernetes, config, { mayRunPrograms: true })).code).toBeNull()
    const { readFileSync } = await import('node:fs')
    expect(readFileSync(log, 'utf8')).toBe('called\n')
    expect(readFileSync(`${log}.argument`, 'utf8')).toBe('$(id)\n')
    const gone = write({ exec: { ...exec, command: '/nowhere/give' } })
    expect((await collect(kubernetes, gone, { mayRunPrograms: true })).failure?.reason).toMatchObject({
      code: 'credentials-program',
      message: expect.stringContaining('could not be started'),
    })
  })

  it('trusts the authority of its kubeconfig, and no other', async () => {
    const untrusted = await collect(kubernetes, write({ token }, { 'certificate-authority-data': '' }))
    expect(untrusted.code).toMatch(/^tls-/)
    const careless = { 'certificate-authority-data': '', 'insecure-skip-tls-verify': true }
    expect((await collect(kubernetes, write({ token }, careless))).code).toBeNull()
  })

  it('says what is wrong with credentials, rights, answers and the file, without showing what is in it', async () => {
    const wrong = await collect(kubernetes, write({ token: 'canary-wrong' }))
    expect([wrong.code, JSON.stringify(wrong).includes('canary')]).toEqual(['wrong-credentials', false])
    answer = () => [403, { kind: 'Status', message: 'pods is forbidden: User "watcher" cannot list resource "pods"' }]
    const forbidden = await collect(kubernetes, write({ token }))
    expect(forbidden.code).toBe('not-authorized')
    expect(forbidden.failure?.reason.message).toContain('cannot list resource')
    answer = () => ({ items: [{ name: 7 }] })
    expect((await collect(kubernetes, write({ token }))).code).toBe('schema-changed')
    answer = () => ({ metadata: { continue: 'more' }, items: [pod('a'), pod('b')] })
    expect((await collect(kubernetes, { ...write({ token }), mostPods: 3 })).code).toBe('too-many-pods')
    const other = await collect(kubernetes, { ...write({ token }), context: 'none' })
    expect(other.failure?.reason).toMatchObject({
      code: 'context-missing',
      message: expect.stringContaining('it has shop'),
    })
    writeFileSync(path(), 'token: canary-in-file\n - broken')
    const broken = await collect(kubernetes, { kubeconfig: path() })
    expect([broken.code, JSON.stringify(broken).includes('canary')]).toEqual(['kubeconfig-invalid', false])
    expect((await collect(kubernetes, { kubeconfig: join(directory, 'none') })).code).toBe('file-unreadable')
  })
})
