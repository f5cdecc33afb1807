import { describe, expect, it } from 'vitest'
import { commandFor } from '#main/checks/icmp-probe/ping-command.ts'
import { parsePing, pingRefusal } from '#main/checks/icmp-probe/ping-output.ts'

const recorded: readonly (readonly [name: string, output: string, expected: ReturnType<typeof parsePing>])[] = [
  [
    'iputils',
    `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.220 ms
64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=0.050 ms

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1012ms
rtt min/avg/max/mdev = 0.050/0.135/0.220/0.085 ms`,
    { sent: 2, received: 2, roundTripsMs: [0.22, 0.05] },
  ],
  [
    'iputils with loss and a duplicate',
    `PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.
64 bytes from 10.0.0.9: icmp_seq=1 ttl=63 time=12.4 ms
64 bytes from 10.0.0.9: icmp_seq=1 ttl=63 time=12.6 ms (DUP!)

--- 10.0.0.9 ping statistics ---
3 packets transmitted, 1 received, +1 duplicates, 66.6667% packet loss, time 2031ms
rtt min/avg/max/mdev = 12.400/12.500/12.600/0.100 ms`,
    { sent: 3, received: 1, roundTripsMs: [12.4] },
  ],
  [
    'iputils without a reply',
    `PING 10.9.9.9 (10.9.9.9) 56(84) bytes of data.
From 10.0.0.1 icmp_seq=1 Destination Host Unreachable

--- 10.9.9.9 ping statistics ---
3 packets transmitted, 0 received, +1 errors, 100% packet loss, time 2045ms`,
    { sent: 3, received: 0, roundTripsMs: [] },
  ],
  [
    'iputils over IPv6',
    `PING ::1(::1) 56 data bytes
64 bytes from ::1: icmp_seq=1 ttl=64 time=0.031 ms

--- ::1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms`,
    { sent: 1, received: 1, roundTripsMs: [0.031] },
  ],
  [
    'busybox',
    `PING 127.0.0.1 (127.0.0.1): 56 data bytes
64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.096 ms
64 bytes from 127.0.0.1: seq=1 ttl=64 time=0.111 ms

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 packets received, 0% packet loss
round-trip min/avg/max = 0.096/0.103/0.111 ms`,
    { sent: 2, received: 2, roundTripsMs: [0.096, 0.111] },
  ],
  [
    'macOS',
    `PING 1.1.1.1 (1.1.1.1): 56 data bytes
64 bytes from 1.1.1.1: icmp_seq=0 ttl=57 time=13.512 ms
Request timeout for icmp_seq 1
64 bytes from 1.1.1.1: icmp_seq=2 ttl=57 time=14.001 ms

--- 1.1.1.1 ping statistics ---
3 packets transmitted, 2 packets received, 33.3% packet loss
round-trip min/avg/max/stddev = 13.512/13.757/14.001/0.245 ms`,
    { sent: 3, received: 2, roundTripsMs: [13.512, 14.001] },
  ],
  [
    'macOS over IPv6',
    `PING6(56=40+8+8 bytes) ::1 --> ::1
16 bytes from ::1, icmp_seq=0 hlim=64 time=0.090 ms

--- ::1 ping6 statistics ---
1 packets transmitted, 1 packets received, 0.0% packet loss`,
    { sent: 1, received: 1, roundTripsMs: [0.09] },
  ],
  [
    'Windows',
    `\r\nPinging 1.1.1.1 with 32 bytes of data:\r\nReply from 1.1.1.1: bytes=32 time=12ms TTL=57\r\nReply from 1.1.1.1: bytes=32 time<1ms TTL=57\r\nRequest timed out.\r\n\r\nPing statistics for 1.1.1.1:\r\n    Packets: Sent = 3, Received = 2, Lost = 1 (33% loss),\r\nApproximate round trip times in milli-seconds:\r\n    Minimum = 1ms, Maximum = 12ms, Average = 6ms\r\n`,
    { sent: 3, received: 2, roundTripsMs: [12, 1] },
  ],
  [
    'Windows, a router saying unreachable, which it counts as received',
    `\r\nPinging 10.9.9.9 with 32 bytes of data:\r\nReply from 10.0.0.1: Destination host unreachable.\r\nReply from 10.0.0.1: Destination host unreachable.\r\n\r\nPing statistics for 10.9.9.9:\r\n    Packets: Sent = 2, Received = 2, Lost = 0 (0% loss),\r\n`,
    { sent: 2, received: 0, roundTripsMs: [] },
  ],
  [
    'Windows in German',
    `\r\nPing wird ausgeführt für 1.1.1.1 mit 32 Bytes Daten:\r\nAntwort von 1.1.1.1: Bytes=32 Zeit=12ms TTL=57\r\nAntwort von 1.1.1.1: Bytes=32 Zeit<1ms TTL=57\r\n\r\nPing-Statistik für 1.1.1.1:\r\n    Pakete: Gesendet = 2, Empfangen = 2, Verloren = 0\r\n    (0% Verlust),\r\nCa. Zeitangaben in Millisek.:\r\n    Minimum = 1ms, Maximum = 12ms, Mittelwert = 6ms\r\n`,
    { sent: 2, received: 2, roundTripsMs: [12, 1] },
  ],
  [
    'Windows in French',
    `\r\nEnvoi d’une requête 'Ping'  1.1.1.1 avec 32 octets de données :\r\nRéponse de 1.1.1.1 : octets=32 temps=12 ms TTL=57\r\n\r\nStatistiques Ping pour 1.1.1.1:\r\n    Paquets : envoyés = 1, reçus = 1, perdus = 0 (perte 0%),\r\n`,
    { sent: 1, received: 1, roundTripsMs: [12] },
  ],
  [
    'Windows over IPv6',
    `\r\nPinging ::1 with 32 bytes of data:\r\nReply from ::1: time<1ms\r\nReply from ::1: time=2ms\r\n\r\nPing statistics for ::1:\r\n    Packets: Sent = 2, Received = 2, Lost = 0 (0% loss),\r\n`,
    { sent: 2, received: 2, roundTripsMs: [1, 2] },
  ],
  ['something else', 'command completed successfully\n', null],
  ['nothing', '', null],
]

describe('the output of ping', () => {
  it.each(recorded)('of %s is understood', (_, output, expected) => {
    expect(parsePing(output, 3)).toEqual(expected)
  })

  it.each([
    ['ping: socket: Operation not permitted', 'ping: socket: Operation not permitted'],
    ['ping: permission denied (are you root?)', 'ping: permission denied (are you root?)'],
    ['connect: Network is unreachable\n', 'connect: Network is unreachable'],
    ["ping: invalid option -- 'W'\nUsage: ping", "ping: invalid option -- 'W'"],
    ['PING 10.9.9.9 (10.9.9.9) 56(84) bytes of data.\n3 packets transmitted, 0 received', null],
  ])('%j tells a refusal of our own as %j', (output, expected) => {
    expect(pingRefusal(output)).toBe(expected)
  })
})

describe('the ping command', () => {
  it.each([
    ['linux', 4, ['ping', '-c', '3', '-W', '2', '192.0.2.1']],
    ['darwin', 4, ['ping', '-c', '3', '-W', '1500', '192.0.2.1']],
    ['darwin', 6, ['ping6', '-c', '3', '192.0.2.1']],
    ['win32', 4, ['ping', '-4', '-n', '3', '-w', '1500', '192.0.2.1']],
  ] as const)('on %s for IPv%i is %j', (platform, family, expected) => {
    const { file, arguments: rest } = commandFor(platform, {
      address: '192.0.2.1',
      family,
      packets: 3,
      replyTimeoutMs: 1500,
    })
    expect([file, ...rest]).toEqual(expected)
  })
})
