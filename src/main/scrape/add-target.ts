/** Writes a target into the text of a prometheus.yml, whose comments and order stay. Pure. */
import { isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import { AppError } from '#shared/contract/errors.ts'
import { readPrometheus } from './read-prometheus.ts'
import type { TypedAddress } from './typed-address.ts'

const heading = ' What Belfry scrapes, in the format of Prometheus.\n'

/** `text` null: there is no file yet. AppError `conflict` where the job is there and asks in another way. */
export function withTarget(file: string, text: string | null, job: string, target: TypedAddress): string {
  const document = parseDocument(text ?? '')
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) {
    throw new AppError(
      'conflict',
      `expected ${file} to be a configuration of Prometheus, got what is none: mend it first`,
    )
  }
  if (text === null) document.commentBefore = heading.trimEnd()
  const jobs = listIn(document.get('scrape_configs'))
  const entry = jobs?.items.find((one) => isMap(one) && one.get('job_name') === job)
  if (isMap(entry)) addTo(entry, job, target, document)
  else {
    const made = document.createNode(jobOf(job, target))
    if (jobs) jobs.add(made)
    else document.set('scrape_configs', document.createNode([made]))
  }
  const written = document.toString({ lineWidth: 0 })
  const { config } = readPrometheus(file, written)
  const isThere = config.jobs.some(
    ({ name, groups }) => name === job && groups.some(({ targets }) => targets.includes(target.address)),
  )
  if (isThere) return written
  throw new AppError(
    'conflict',
    `expected the job "${job}" to be good with the new target; something in ${file} is wrong with it: mend it first`,
  )
}

const listIn = (node: unknown): YAMLSeq | null => (isSeq(node) ? node : null)

function jobOf(job: string, { scheme, address, path, params, user }: TypedAddress) {
  return {
    job_name: job,
    ...(scheme === 'http' ? {} : { scheme }),
    ...(path === '/metrics' ? {} : { metrics_path: path }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(user === null ? {} : { basic_auth: { username: user.name, password: user.password } }),
    static_configs: [{ targets: [address] }],
  }
}

function addTo(entry: YAMLMap, job: string, target: TypedAddress, document: ReturnType<typeof parseDocument>): void {
  const is = { scheme: entry.get('scheme') ?? 'http', path: entry.get('metrics_path') ?? '/metrics' }
  const isSame = is.scheme === target.scheme && is.path === target.path && target.user === null
  if (!isSame || Object.keys(target.params).length > 0 || entry.has('params')) {
    throw new AppError(
      'conflict',
      `the job "${job}" asks ${is.scheme}://...${is.path}; give a target that is asked in another way a job of its own`,
    )
  }
  const groups = listIn(entry.get('static_configs'))
  const plain = groups?.items.find((group) => isMap(group) && !group.has('labels') && isSeq(group.get('targets')))
  const targets = isMap(plain) ? listIn(plain.get('targets')) : null
  if (targets?.toJSON().includes(target.address))
    throw new AppError('conflict', `${target.address} is a target of the job "${job}" already`)
  if (targets) targets.add(document.createNode(target.address))
  else if (groups) groups.add(document.createNode({ targets: [target.address] }))
  else entry.set('static_configs', document.createNode([{ targets: [target.address] }]))
}
