/**
 * What alerts sound like: short tones made on the spot, more and higher the graver the alert, so that nobody has to look
 * to know whether to get up. Only one window of a browser sounds, however many are open.
 */
import type { AlertView } from '#shared/contract/alerts.ts'
import type { Severity } from '#shared/contract/common.ts'
import { compareSeverity } from '#shared/domain/severity.ts'

/** Pitches in Hz, played one after the other. */
const melodies: Readonly<Record<Severity, readonly number[]>> = {
  info: [523],
  warning: [523, 659],
  error: [659, 523, 659],
  critical: [880, 659, 880, 659, 880],
}
const toneSeconds = 0.18
const pauseSeconds = 0.05
const loudness = 0.15

/** The gravest alert that nobody has taken yet, of those that are told; null: it is quiet. */
export function waitingSeverity(alerts: readonly AlertView[], least: Severity, now: number): Severity | null {
  const waiting = alerts.filter(
    ({ state, severity, acknowledgement, snoozedUntil }) =>
      state === 'firing' &&
      compareSeverity(severity, least) >= 0 &&
      (acknowledgement === null || (acknowledgement.until !== null && acknowledgement.until <= now)) &&
      (snoozedUntil === null || snoozedUntil <= now),
  )
  return waiting.reduce<Severity | null>(
    (worst, { severity }) => (worst === null || compareSeverity(severity, worst) > 0 ? severity : worst),
    null,
  )
}

/** Silent until the page was clicked once, where the browser asks for that. */
export function playMelody(severity: Severity, context: AudioContext): void {
  for (const [index, pitch] of melodies[severity].entries()) {
    const startAt = context.currentTime + index * (toneSeconds + pauseSeconds)
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = pitch
    // Without a slope at both ends a tone begins and ends with a crack.
    volume.gain.setValueAtTime(0, startAt)
    volume.gain.linearRampToValueAtTime(loudness, startAt + 0.02)
    volume.gain.linearRampToValueAtTime(0, startAt + toneSeconds)
    tone.connect(volume).connect(context.destination)
    tone.start(startAt)
    tone.stop(startAt + toneSeconds)
  }
}

/** Calls `begin` when this window is the one that sounds; returns what gives the place up. */
export function whileAloneToSound(begin: () => () => void): () => void {
  const leaving = new AbortController()
  void navigator.locks
    .request('belfry.alert-sound', { signal: leaving.signal }, async () => {
      const end = begin()
      await new Promise<void>((left) => leaving.signal.addEventListener('abort', () => left(), { once: true }))
      end()
    })
    .catch((error: unknown) => {
      // Given up while another window still had the place.
      if (!leaving.signal.aborted) throw error
    })
  return () => leaving.abort()
}
