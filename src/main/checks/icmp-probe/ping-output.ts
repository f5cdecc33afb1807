/**
 * What the system's ping said. Written for iputils and busybox (Linux), BSD (macOS) and Windows in any language: only
 * marks that no translation changes are relied on. Pure.
 */

export interface PingReport {
  readonly sent: number
  /** Replies of the target itself; a router's "unreachable" is none, though Windows counts it. */
  readonly received: number
  readonly roundTripsMs: readonly number[]
}

/** `time=0.045 ms`, `time<1ms`, `Zeit=12ms`, `temps=1,5 ms` on a line that also tells a hop limit or sequence. */
const replyLine = /[=<]\s*(\d+(?:[.,]\d+)?)\s*ms\b/i
const replyMarks = /\b(ttl|hlim|icmp_seq|seq)\b/i
/** Windows over IPv6 tells neither: `Reply from ::1: time<1ms`, at the line's end. */
const windowsV6Reply = /^\S.*[0-9a-f:]+(%\S+)?: \S+?[=<]\s*(\d+)\s*ms\s*$/i
/** `3 packets transmitted`, `Packets: Sent = 3,`, `Pakete: Gesendet = 3,`. */
const unixSent = /(\d+) packets transmitted/
const windowsSent = /^\s*\S[^=\n]*:\s*\S[^=\n]*=\s*(\d+)\s*[,،]\s*\S[^=\n]*=\s*\d+/m
const duplicate = /\(DUP!\)|duplicate/i

/** Null when the text is no report of a ping at all. `asked`: how many packets were to be sent. */
export function parsePing(output: string, asked: number): PingReport | null {
  const roundTripsMs = output.split(/\r?\n/).flatMap((line) => {
    if (duplicate.test(line) || !(replyMarks.test(line) || windowsV6Reply.test(line))) return []
    const time = replyLine.exec(line)?.[1]
    return time === undefined ? [] : [Number(time.replace(',', '.'))]
  })
  const told = unixSent.exec(output)?.[1] ?? windowsSent.exec(output)?.[1]
  if (told === undefined && roundTripsMs.length === 0) return null
  const sent = Math.max(told === undefined ? asked : Number(told), roundTripsMs.length)
  return { sent, received: roundTripsMs.length, roundTripsMs }
}

/** Why ping could not even try, when it says so; such a failure says nothing about the target. */
export function pingRefusal(output: string): string | null {
  const line = output
    .split(/\r?\n/)
    .find((one) =>
      /operation not permitted|permission denied|lacking privilege|are you root|network is unreachable|no route to host|sendto:|invalid option|illegal option|unrecognized option|usage:|address family not supported|general failure/i.test(
        one,
      ),
    )
  return line === undefined ? null : line.trim().slice(0, 200)
}
