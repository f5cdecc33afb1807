/**
 * What a probe saw, section by section, whatever its kind. Text only: a body that came from a target is never anything
 * but text. Evidence of another shape, from an older version, is shown as it is stored.
 */
import type { ReactNode } from 'react'
import type { CheckResult } from '#shared/contract/checks.ts'
import { type Assertion, type Certificate, Evidence, type HeaderLine } from '#shared/contract/evidence.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatValue } from '../../format/unit.ts'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { certificateUrgency, certificateWords } from './check-words.ts'
import { EvidencePicture } from './evidence-picture.tsx'
import css from './evidence-view.module.css'
import { Waterfall } from './waterfall.tsx'

interface EvidenceViewProps {
  readonly evidence: CheckResult['evidence']
  /** When it was seen: certificates are judged by that day. */
  readonly at: number
}

export function EvidenceView({ evidence, at }: EvidenceViewProps) {
  const parsed = Evidence.safeParse(evidence)
  if (!parsed.success)
    return evidence === null ? null : (
      <Section title="Evidence">
        <Text>{JSON.stringify(evidence, null, 2)}</Text>
      </Section>
    )
  const {
    steps,
    picture,
    page,
    assertions,
    request,
    redirects,
    response,
    remoteAddress,
    tls,
    conversation,
    packets,
    output,
    facts,
  } = parsed.data
  return (
    <div className={cx(css['evidence'])}>
      {steps && steps.length > 0 && (
        <Section title="Steps" note={stepsNote(steps)}>
          <Waterfall steps={steps} />
        </Section>
      )}
      {picture && (
        <Section title="Picture">
          <EvidencePicture name={picture.name} caption={picture.caption} />
        </Section>
      )}
      {page && page.consoleErrors.length > 0 && (
        <Section title="Errors of the page" note={String(page.consoleErrors.length)}>
          <Text>{page.consoleErrors.join('\n')}</Text>
        </Section>
      )}
      {page && page.failedRequests.length > 0 && (
        <Section title="Requests that failed" note={String(page.failedRequests.length)}>
          <Text>{page.failedRequests.join('\n')}</Text>
        </Section>
      )}
      {assertions && assertions.length > 0 && <Assertions assertions={assertions} />}
      {redirects && redirects.length > 0 && (
        <Section title={`Redirects, ${redirects.length}`}>
          <ol className={cx(css['lines'])}>
            {redirects.map(({ status, from, to }) => (
              <li key={`${from} ${to}`}>
                <code>
                  {status} {from} → {to}
                </code>
              </li>
            ))}
          </ol>
        </Section>
      )}
      {response && (
        <Section title="Response" note={response.line}>
          <Headers headers={response.headers} />
          <p className={cx(css['note'])}>
            {formatValue(response.bodyBytes, 'bytes')} of body
            {remoteAddress && `, from ${remoteAddress}`}
          </p>
          {response.bodySample !== null && (
            <>
              <Text>{response.bodySample}</Text>
              {response.truncated && <p className={cx(css['note'])}>The sample ends here; the body goes on.</p>}
            </>
          )}
        </Section>
      )}
      {!response && remoteAddress && <p className={cx(css['note'], css['address'])}>Address: {remoteAddress}</p>}
      {tls && <Tls tls={tls} at={at} />}
      {request && (
        <Section title="Request" note={request.line} isFolded>
          <Headers headers={request.headers} />
          {request.body !== null && <Text>{request.body}</Text>}
        </Section>
      )}
      {conversation && conversation.length > 0 && (
        <Section title="Conversation">
          <ol className={cx(css['lines'])}>
            {conversation.map(({ direction, text }, index) => (
              // The same words may be said twice; their place is their identity.
              // biome-ignore lint/suspicious/noArrayIndexKey: as said above
              <li key={index} className={cx(css['said'])}>
                <span className={cx(css['direction'])}>{direction === 'sent' ? 'sent' : 'came'}</span>
                <Text>{text}</Text>
              </li>
            ))}
          </ol>
        </Section>
      )}
      {packets && (
        <Section title="Packets" note={`${packets.received} of ${packets.sent} came back`}>
          {packets.roundTripsMs.length > 0 && (
            <p>Round trips: {packets.roundTripsMs.map((ms) => formatValue(ms, 'milliseconds')).join(', ')}</p>
          )}
        </Section>
      )}
      {facts?.map(({ title, note, rows }) => (
        <Section key={title} title={title} note={note}>
          <Headers headers={rows} />
        </Section>
      ))}
      {output && (
        <Section title="Output" isFolded>
          <Text>{output}</Text>
        </Section>
      )}
    </div>
  )
}

function stepsNote(steps: NonNullable<Evidence['steps']>): string {
  const taken = steps.filter(({ outcome }) => outcome === 'up' || outcome === 'degraded').length
  return taken === steps.length ? `all ${taken} taken` : `${taken} of ${steps.length} taken`
}

function Assertions({ assertions }: { readonly assertions: readonly Assertion[] }) {
  const failed = assertions.filter(({ passed }) => !passed).length
  return (
    <Section
      title="Expectations"
      note={failed === 0 ? `all ${assertions.length} met` : `${failed} of ${assertions.length} not met`}
    >
      <table className={cx(css['table'])}>
        <thead>
          <tr>
            <th scope="col">Met</th>
            <th scope="col">What</th>
            <th scope="col">Expected</th>
            <th scope="col">Came</th>
          </tr>
        </thead>
        <tbody>
          {assertions.map(({ what, expected, actual, passed, level }) => (
            <tr key={`${what} ${expected}`}>
              <td>
                <StateMark state={passed ? 'up' : level} word={passed ? 'yes' : 'no'} />
              </td>
              <td>{what}</td>
              <td>
                <code>{expected}</code>
              </td>
              <td>
                <code>{actual}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Tls({ tls, at }: { readonly tls: NonNullable<Evidence['tls']>; readonly at: number }) {
  const [own, ...chain] = tls.certificates
  return (
    <Section title="Certificate" note={`${tls.protocol}, ${tls.cipher}`} isFolded={tls.problem === null}>
      {tls.problem && (
        <p>
          <StateMark state="down" word={tls.problem} />
        </p>
      )}
      {own && <CertificateFacts certificate={own} at={at} />}
      {chain.map((certificate) => (
        <CertificateFacts key={certificate.fingerprintSha256} certificate={certificate} at={at} />
      ))}
    </Section>
  )
}

function CertificateFacts({ certificate, at }: { readonly certificate: Certificate; readonly at: number }) {
  const zone = useZone()
  const { subject, issuer, validFromAt, validToAt, names, serialNumber, fingerprintSha256 } = certificate
  const urgency = certificateUrgency(validToAt, at)
  const left = certificateWords(validToAt, at)
  return (
    <dl className={cx(css['facts'])}>
      <dt>Subject</dt>
      <dd>{subject}</dd>
      <dt>Issuer</dt>
      <dd>{issuer}</dd>
      <dt>Valid</dt>
      <dd>
        {formatInstant(validFromAt, zone)} – {formatInstant(validToAt, zone)}{' '}
        {urgency === 'fine' ? `(${left})` : <StateMark state={urgency === 'soon' ? 'degraded' : 'down'} word={left} />}
      </dd>
      {names.length > 0 && (
        <>
          <dt>Names</dt>
          <dd>{names.join(', ')}</dd>
        </>
      )}
      <dt>Serial</dt>
      <dd>
        <code>{serialNumber}</code>
      </dd>
      <dt>SHA-256</dt>
      <dd>
        <code>{fingerprintSha256}</code>
      </dd>
    </dl>
  )
}

function Headers({ headers }: { readonly headers: readonly HeaderLine[] }) {
  if (headers.length === 0) return null
  return (
    <dl className={cx(css['facts'], css['headers'])}>
      {headers.map(({ name, value }, index) => (
        // A header may be repeated; its place is its identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: as said above
        <div key={index} className={cx(css['header'])}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Section(props: {
  readonly title: string
  readonly note?: string
  readonly isFolded?: boolean
  readonly children?: ReactNode
}) {
  return (
    <details open={!props.isFolded} className={cx(css['section'])}>
      <summary className={cx(css['summary'])}>
        <span className={cx(css['title'])}>{props.title}</span>
        {props.note && <span className={cx(css['note'])}>{props.note}</span>}
      </summary>
      <div className={cx(css['content'])}>{props.children}</div>
    </details>
  )
}

function Text({ children }: { readonly children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <pre className={cx(css['text'])} tabIndex={0}>
      {children}
    </pre>
  )
}
