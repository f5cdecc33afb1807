import { describe, expect, it } from 'vitest'
import { createCookieJar } from '#main/checks/journey/cookie-jar.ts'
import { fakeTime } from '#test/support/fake-time.ts'

const set = (jar: ReturnType<typeof createCookieJar>, url: string, ...cookies: string[]) =>
  jar.take(
    new URL(url),
    cookies.map((value) => ({ name: 'Set-Cookie', value })),
  )
const sent = (jar: ReturnType<typeof createCookieJar>, url: string) => jar.headerFor(new URL(url))

describe('the cookie jar', () => {
  it.each([
    ['goes back to its host', 'a=1', 'http://x.example/', 'a=1'],
    ['does not go to a sub-domain unasked', 'a=1', 'http://sub.x.example/', null],
    ['goes to sub-domains when asked', 'a=1; Domain=x.example', 'http://sub.x.example/', 'a=1'],
    ['with a leading dot too', 'a=1; Domain=.x.example', 'http://sub.x.example/', 'a=1'],
    ['does not go to a name that only ends alike', 'a=1; Domain=x.example', 'http://ax.example/', null],
    ['is refused for another domain', 'a=1; Domain=y.example', 'http://y.example/', null],
    ['is refused for a top-level domain', 'a=1; Domain=example', 'http://y.example/', null],
    ['is kept to its path', 'a=1; Path=/app', 'http://x.example/app/deep', 'a=1'],
    ['is kept from paths that only begin alike', 'a=1; Path=/app', 'http://x.example/apple', null],
    ['is refused when it is secure and came in the open', 'a=1; Secure', 'https://x.example/', null],
    ['is gone when it has expired', 'a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT', 'http://x.example/', null],
    [
      'lives by Max-Age before Expires',
      'a=1; Max-Age=9; Expires=Wed, 21 Oct 2015 07:28:00 GMT',
      'http://x.example/',
      'a=1',
    ],
    ['keeps = in its value', 'a=b=c', 'http://x.example/', 'a=b=c'],
    ['needs a name', '=b', 'http://x.example/', null],
  ])('%s', (_, cookie, url, expected) => {
    const jar = createCookieJar(fakeTime().clock)
    set(jar, 'http://x.example/', cookie)
    expect(sent(jar, url)).toBe(expected)
  })

  it('keeps a secure cookie to https', () => {
    const jar = createCookieJar(fakeTime().clock)
    set(jar, 'https://x.example/', 'a=1; Secure')
    expect([sent(jar, 'https://x.example/'), sent(jar, 'http://x.example/')]).toEqual(['a=1', null])
  })

  it('sends longer paths first, replaces, removes, and forgets what is over', async () => {
    const time = fakeTime()
    const jar = createCookieJar(time.clock)
    set(jar, 'http://x.example/a/b', 'here=1', 'root=1; Path=/', 'short=1; Path=/; Max-Age=5', 'gone=1; Path=/')
    set(jar, 'http://x.example/', 'root=2; Path=/', 'gone=; Path=/; Max-Age=0')
    expect(sent(jar, 'http://x.example/a/b')).toBe('here=1; root=2; short=1')
    await time.advance(5000)
    expect(sent(jar, 'http://x.example/a/b')).toBe('here=1; root=2')
    expect(jar.valueOf(new URL('http://x.example/'), 'root')).toBe('2')
  })

  it('does not grow without end', () => {
    const jar = createCookieJar(fakeTime().clock)
    set(
      jar,
      'http://x.example/',
      ...Array.from({ length: 1000 }, (_, index) => `c${index}=1`),
      `big=${'x'.repeat(5000)}`,
    )
    expect(sent(jar, 'http://x.example/')?.split('; ')).toHaveLength(100)
  })
})
