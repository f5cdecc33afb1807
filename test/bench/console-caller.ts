/** Calls of the contract over HTTP, as an administrator. */

/** Resolves with the answer's text; rejects with what the console said when it did not answer. */
export function createCaller(origin: string, token: string): (name: string, input: unknown) => Promise<string> {
  return async (name, input) => {
    const response = await fetch(`${origin}/api/rpc/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(input),
    })
    const answer = await response.text()
    if (!response.ok) throw new Error(`${name} was answered ${response.status}: ${answer.slice(0, 300)}`)
    return answer
  }
}
