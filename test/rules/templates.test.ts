/** Templates as Belfry renders them, compared with promtool's: it renders what a rule file says in its unit tests. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { createExpander } from '#main/rules/expand.ts'
import { compileTemplate } from '#shared/domain/template/template.ts'
import { parseString } from '#shared/promql/literals.ts'
import { samplesOf } from '#test/promql/evaluated.ts'
import { loadSeries } from '#test/promql/series-notation.ts'
import { hasPromtool, judged } from './promtool.ts'

const labels = { room: 'the attic', instance: 'db-1.example.com:9100', addr: '[::1]:80', path: '/a/b-c_d.e', empty: '' }
const values = [
  0, 1, -1, 0.5, 1e-7, 61, 93_784.5, 999.96, 1024, 123_456_789, 1e15, 1_000_000, -0.00123, 1.7e9, 0.05, 59.94, 1023,
  999_999, 1_234_567.5,
]
/** What `query` finds: one series each for `cpu` 0 to 2. */
const cpus = [2, 1, 3]

const templates = [
  // Numbers.
  '{{ $value }} {{ .Value }}',
  '{{ humanize $value }} {{ $value | humanize1024 }} {{ humanizeDuration $value }} {{ humanizePercentage $value }}',
  '{{ humanizeTimestamp $value }}',
  '{{ humanize "1234567" }} {{ humanizeDuration "90" }} {{ humanize1024 2048 }} {{ "0.5" | humanizePercentage }}',
  '{{ printf "%.2f|%8.3f|%-8.1f|%e|%g|%.3g|%+.1f|%08.2f" $value $value $value $value $value $value $value $value }}',
  '{{ printf "%d %s %t %v %z" $value $value $value $value $value }}',
  '{{ printf "%d %5d %-5d| %x %X %o %b %c %v %+d %05d" 42 42 42 42 42 42 42 42 42 42 42 }}',
  '{{ printf "%f %s %q" 42 42 true }} {{ printf "%t %v" true false }}',
  '{{ printf "%s %s" $labels.room }} {{ printf "%s" "a" "b" 1 2.5 }} {{ printf "%" }} {{ printf "100%%" }}',
  '{{ printf "%5s|%-5s|%.2s|%q|%v" "abc" "abc" "abc" "a\\"b\\n" "x" }}',
  '{{ 1 }} {{ 1.0 }} {{ 1.5e3 }} {{ 0x1F }} {{ 1_000 }} {{ -3 }} {{ true }} {{ "s" }} {{ `raw\\n` }} {{ \'a\' }}',
  '{{ print 1 2 "a" "b" 3 4 }} {{ print "a" 1 2 "b" }} {{ println "a" 1 }}.',
  '{{ len $labels.room }} {{ len $labels }} {{ len (query "cpu") }} {{ len "äö" }}',
  // Texts.
  '{{ $labels.room }} {{ .Labels.room }} {{ $labels.none }}. {{ index $labels "room" }}',
  '{{ $labels.room | toUpper }} {{ title $labels.room }} {{ "AbC" | toLower }} {{ title $labels.path }} {{ title "hello-world x_y é" }}',
  '{{ stripPort $labels.instance }} {{ stripDomain $labels.instance }} {{ stripPort $labels.addr }} {{ stripDomain $labels.addr }}',
  '{{ stripDomain "10.0.0.1:80" }} {{ stripDomain "a.b.c" }} {{ stripPort "plain" }} {{ stripDomain "plain" }} {{ stripPort "a:b:c" }} {{ stripDomain "x.y:" }}',
  '{{ match "a.t" $labels.room }} {{ match "^attic" $labels.room }} {{ match "(?i)ATTIC$" $labels.room }}',
  `{{ reReplaceAll "(.*) (.*)" "$2-$\{1}!" $labels.room }} {{ reReplaceAll "t" "<$0$$>" $labels.room }}`,
  `{{ reReplaceAll "(?P<first>[a-z]+) .*" "$\{first} $first $1x $9" $labels.room }} {{ reReplaceAll "x*" "-" "abc" }}`,
  '{{ html "<a b=\\"c\\">&\'" }} {{ urlquery "a b&c/d+é*" }} {{ safeHtml "<b>" }}',
  '{{ graphLink "up{a=\\"b\\"} > 1" }} {{ tableLink "up" }}',
  // Flow.
  '{{ if gt $value 90.0 }}high{{ else if lt $value 0.0 }}below{{ else }}fine{{ end }}',
  '{{ if $labels.none }}yes{{ else }}no{{ end }} {{ if $labels.room }}yes{{ end }} {{ if $value }}t{{ else }}f{{ end }}',
  '{{ if and $labels.room (gt $value 1.0) }}both{{ end }} {{ or $labels.none "nothing" }} {{ not $labels.none }} {{ and 1 0 }}',
  '{{ if eq $labels.room "x" "the attic" }}one of them{{ end }} {{ ne 1 2 }} {{ le 2 2 }} {{ ge "b" "a" }} {{ eq 1.0 $value }}',
  '{{ gt $value 1 }}',
  '{{ eq $labels.room 1 }}',
  '{{ with $labels.none }}{{ . }}{{ else }}none{{ end }} {{ with $labels.room }}[{{ . }}]{{ end }} {{ with $x := $value }}{{ $x }}{{ end }}',
  '{{ range $name, $value := $labels }}{{ $name }}={{ $value }};{{ end }}',
  '{{ range $labels }}{{ . }},{{ end }}',
  '{{ $x := "a" }}{{ if true }}{{ $x = "b" }}{{ $y := 1 }}{{ end }}{{ $x }} {{ $x := 5 }}{{ $x }}',
  '{{ range $i, $s := query "cpu" | sortByLabel "cpu" }}{{ if $i }}, {{ end }}{{ $i }}:{{ $s.Labels.cpu }}={{ $s.Value }}{{ end }}',
  '{{ range query "none" }}x{{ else }}nothing found{{ end }}',
  '{{ range query "cpu" | sortByLabel "cpu" }}{{ if eq .Value 2.0 }}{{ continue }}{{ end }}{{ .Value }}{{ if gt .Value 2.0 }}{{ break }}{{ end }} {{ end }}',
  'a {{- " b " -}} c {{/* nothing */}}{{- /* trimmed */ -}}  d {{ "x" -}}\n  e',
  // Queries.
  '{{ query "sum(cpu)" | first | value }} {{ query "sum(cpu)" | first | value | humanize }}',
  '{{ with query "cpu" | sortByLabel "cpu" }}{{ . | first | label "cpu" }}{{ end }}',
  '{{ range query "cpu" | sortByLabel "cpu" }}{{ .Labels.cpu }}{{ end }} {{ (query "cpu" | sortByLabel "cpu" | first).Labels.cpu }}',
  '{{ (index (query "cpu" | sortByLabel "cpu") 1).Value }} {{ printf "cpu{cpu=%q}" "1" | query | first | value }}',
  '{{ query "none" | first | value }}',
  '{{ query "cpu" | first | strvalue }}|',
  '{{ query "scalar(sum(cpu)) * 2" | first | value }} {{ query "3" | first | value }}',
  '{{ $t := query "sum(cpu)" | first }}{{ $t.Value }} {{ $t.Labels.none }}.',
  // What fails.
  '{{ humanize "abc" }}',
  '{{ $value.x }}',
  '{{ .Nothing }}',
  '{{ humanize }}',
  '{{ $labels.room.x }}',
  '{{ index (query "cpu") 9 }}',
  '{{ match "(" "a" }}',
  '{{ query "sum(" }}',
  '{{ range $value }}{{ end }}',
  '{{ $externalLabels.region }} {{ .ExternalLabels.region }}',
]

type Texts = Readonly<Record<string, string>>

it.skipIf(!hasPromtool)(
  'are rendered as promtool renders them (package: prometheus)',
  async () => {
    const { empty: _empty, ...kept } = labels
    const [theirs, ours] = await Promise.all([renderedByPromtool(kept), renderedByBelfry(kept)])
    const named = (texts: readonly Texts[]) =>
      texts.flatMap((one, rule) =>
        templates.map((template, index) => `${template} of ${values[rule]}: ${withoutReason(one[`t${index}`] ?? '')}`),
      )
    expect(named(ours)).toEqual(named(theirs))
    expect(theirs).toHaveLength(values.length)
  },
  60_000,
)

/** That it fails is the same; the words are each one's own. */
const withoutReason = (text: string) => text.replace(/<error expanding template: .*>$/s, '<error>')

const memory = loadSeries(
  cpus.map((value, cpu) => ({ series: `cpu{cpu="${cpu}"}`, values: String(value) })),
  60_000,
)

async function renderedByBelfry(kept: Texts): Promise<Texts[]> {
  const compiled = templates.map((text, index) => {
    const template = compileTemplate(text)
    if (!template.ok) throw new Error(`${text}: ${template.problem}`)
    return [`t${index}`, template.render] as const
  })
  const expander = createExpander((expression) => samplesOf(expression, memory, 0), { region: 'eu' })
  return Promise.all(values.map((value) => expander.expand(Object.fromEntries(compiled), kept, value)))
}

/** It says what it rendered when that is not what was expected. */
async function renderedByPromtool(kept: Texts): Promise<Texts[]> {
  const directory = await mkdtemp(join(tmpdir(), 'belfry-templates-'))
  const annotations = Object.fromEntries(templates.map((text, index) => [`t${index}`, text]))
  const rules = values.map((value, index) => ({ alert: `A${index}`, expr: `room * 0 + ${value} > -Inf`, annotations }))
  const selected = Object.entries(kept).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const test = {
    interval: '1m',
    external_labels: { region: 'eu' },
    input_series: [
      { series: `room{${selected.join(',')}}`, values: '1' },
      ...cpus.map((value, cpu) => ({ series: `cpu{cpu="${cpu}"}`, values: String(value) })),
    ],
    alert_rule_test: values.map((_value, index) => ({
      ...{ eval_time: '0m', alertname: `A${index}`, exp_alerts: [{ exp_labels: kept }] },
    })),
  }
  await writeFile(join(directory, 'rules.yml'), stringify({ groups: [{ name: 'a', rules }] }, { lineWidth: 0 }))
  await writeFile(
    join(directory, 'test.yml'),
    stringify({ rule_files: ['rules.yml'], tests: [test] }, { lineWidth: 0 }),
  )
  const said = await judged('test', 'rules', join(directory, 'test.yml'))
  await rm(directory, { recursive: true })
  const got = [...said.matchAll(/got:\[.*?Annotations:\{(.*?)\}\n/gs)].map((match) => match[1] ?? '')
  return got.map((list) =>
    Object.fromEntries(
      [...list.matchAll(/(t\d+)="((?:[^"\\]|\\.)*)"/gs)].map((match) => [
        match[1] ?? '',
        parseString(`"${match[2]}"`) ?? '',
      ]),
    ),
  )
}
