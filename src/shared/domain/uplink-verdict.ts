/**
 * Whether this machine's own link is gone: decided from what a few references answered in one round, and from nothing
 * else. It refuses to know how a reference is asked. A single silent reference says nothing, for references fail too.
 */

export interface ReferenceAnswer {
  readonly name: string
  readonly answered: boolean
  /** It has answered at least once since Belfry runs. */
  readonly hasAnsweredBefore: boolean
}

/** `unsure`: too few references have a vote to tell. */
export type UplinkVerdict = 'here' | 'lost' | 'unsure'

/** Two of three; of more, the larger part. */
const leastSilent = 2

/**
 * `remoteAnswered`: a remote target has answered since Belfry runs. Then a reference that never did is blocked on the way
 * (many networks let nobody out but through a proxy) and has no vote; without any such sign all of them have one, so that
 * a start in the middle of an outage is recognised. Order and number of the references do not matter.
 */
export function uplinkVerdict(round: readonly ReferenceAnswer[], remoteAnswered: boolean): UplinkVerdict {
  const votes = votesOf(round, remoteAnswered)
  const silent = votes.filter(({ answered }) => !answered).length
  const answered = votes.length - silent
  if (silent >= leastSilent && silent > answered) return 'lost'
  return answered > 0 ? 'here' : 'unsure'
}

/** Those that count, in the given order. */
export function votesOf(round: readonly ReferenceAnswer[], remoteAnswered: boolean): ReferenceAnswer[] {
  return round.filter((one) => one.answered || one.hasAnsweredBefore || !remoteAnswered)
}
