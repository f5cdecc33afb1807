/** Takes a value out of an answer for later steps. Pure but for the jar it reads. */

import { compilePattern } from '#shared/domain/pattern.ts'
import type { HttpAnswer } from '../http-probe/exchange.ts'
import { firstValueAt } from '../http-probe/json-assertions.ts'
import type { Extract } from './config.ts'
import type { CookieJar } from './cookie-jar.ts'

const longestValue = 4000

export type Extracted = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: string }

/** `url`: of the answer, after all redirects. */
export function extract(wanted: Extract, answer: HttpAnswer, url: URL, jar: CookieJar): Extracted {
  const value = taken(wanted, answer, url, jar)
  if (value === null) return { ok: false, problem: `${words[wanted.from]} "${wanted.expression}" is not in the answer` }
  return value.length <= longestValue
    ? { ok: true, value }
    : { ok: false, problem: `${words[wanted.from]} "${wanted.expression}" is longer than ${longestValue} characters` }
}

const words: Readonly<Record<Extract['from'], string>> = {
  json: 'the JSON value',
  header: 'the header',
  regex: 'the expression',
  cookie: 'the cookie',
}

function taken({ from, expression }: Extract, answer: HttpAnswer, url: URL, jar: CookieJar): string | null {
  switch (from) {
    case 'json':
      return jsonValue(answer.body.toString('utf8'), expression)
    case 'header':
      return answer.headers.find(({ name }) => name.toLowerCase() === expression.toLowerCase())?.value ?? null
    case 'regex': {
      const matcher = compilePattern(expression).matcher(answer.body.toString('utf8'))
      if (!matcher.find()) return null
      return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group()
    }
    case 'cookie':
      return jar.valueOf(url, expression)
  }
}

function jsonValue(text: string, path: string): string | null {
  try {
    const value = firstValueAt(JSON.parse(text), path)
    if (value === undefined || value === null) return null
    return typeof value === 'string' ? value : JSON.stringify(value)
  } catch {
    // No JSON at all, or nested deeper than the engine follows: the value is not there.
    return null
  }
}
