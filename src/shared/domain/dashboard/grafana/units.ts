/** Grafana's names of units in Belfry's. Source: Grafana, packages/grafana-data/src/valueFormats/categories.ts. */
import type { Unit } from '../../unit.ts'

const known: Readonly<Record<string, Unit>> = {
  none: 'none',
  short: 'none',
  sishort: 'none',
  locale: 'none',
  string: 'none',
  percent: 'percent',
  percentunit: 'ratio',
  bytes: 'bytes',
  decbytes: 'decimalBytes',
  bits: 'bits',
  decbits: 'bits',
  Bps: 'decimalBytesPerSecond',
  binBps: 'bytesPerSecond',
  bps: 'bitsPerSecond',
  binbps: 'bitsPerSecond',
  s: 'seconds',
  dtdurations: 'seconds',
  dtdhms: 'seconds',
  clocks: 'seconds',
  ms: 'milliseconds',
  dtdurationms: 'milliseconds',
  clockms: 'milliseconds',
  µs: 'microseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  celsius: 'celsius',
  hertz: 'hertz',
  rothz: 'hertz',
  rotrpm: 'rpm',
  volt: 'volts',
  amp: 'amperes',
  watt: 'watts',
  ops: 'perSecond',
  opm: 'perMinute',
  reqps: 'perSecond',
  rps: 'perSecond',
  wps: 'perSecond',
  cps: 'perSecond',
  eps: 'perSecond',
  mps: 'perSecond',
  pps: 'perSecond',
  iops: 'perSecond',
  recps: 'perSecond',
  rowsps: 'perSecond',
  cpm: 'perMinute',
  rpm: 'perMinute',
  wpm: 'perMinute',
  reqpm: 'perMinute',
  dateTimeAsIso: 'instantMs',
  dateTimeAsIsoNoDateIfToday: 'instantMs',
  dateTimeAsUS: 'instantMs',
  dateTimeAsLocal: 'instantMs',
  dateTimeAsSystem: 'instantMs',
  dateTimeFromNow: 'instantMs',
}

/** Units whose numbers are of another size than ours, or that Belfry does not scale: shown after the number as they are. */
const suffixes: Readonly<Record<string, string>> = {
  kbytes: 'KiB',
  mbytes: 'MiB',
  gbytes: 'GiB',
  tbytes: 'TiB',
  deckbytes: 'kB',
  decmbytes: 'MB',
  decgbytes: 'GB',
  KBs: 'kB/s',
  MBs: 'MB/s',
  GBs: 'GB/s',
  KiBs: 'KiB/s',
  MiBs: 'MiB/s',
  GiBs: 'GiB/s',
  Kbits: 'kbit/s',
  Mbits: 'Mbit/s',
  Gbits: 'Gbit/s',
  m: 'min',
  h: 'h',
  d: 'd',
  kwatt: 'kW',
  mwatt: 'mW',
  mvolt: 'mV',
  mamp: 'mA',
  fahrenheit: '°F',
  kelvin: 'K',
  humidity: '%H',
  rotdeg: '°',
  degree: '°',
  currencyUSD: 'USD',
  currencyEUR: 'EUR',
  currencyGBP: 'GBP',
  watth: 'Wh',
  kwatth: 'kWh',
  dB: 'dB',
  dBm: 'dBm',
}

export interface TakenUnit {
  readonly unit: Unit
  readonly suffix: string
  /** False: nothing here is like it. */
  readonly isKnown: boolean
}

export function unitOf(name: string): TakenUnit {
  if (name === '') return { unit: 'none', suffix: '', isKnown: true }
  if (Object.hasOwn(known, name)) return { unit: known[name] ?? 'none', suffix: '', isKnown: true }
  // The number stays in its own size, so the unit stays beside it as text.
  if (Object.hasOwn(suffixes, name)) return { unit: 'none', suffix: suffixes[name] ?? '', isKnown: true }
  const custom = /^(suffix|si|count|time|bool|prefix|currency)[:_]?(.*)$/.exec(name)
  switch (custom?.[1]) {
    case 'suffix':
    case 'si':
    case 'count':
      return { unit: 'none', suffix: (custom[2] ?? '').trim().slice(0, 30), isKnown: true }
    case 'time':
      return { unit: 'instantMs', suffix: '', isKnown: true }
    case 'bool':
    case 'prefix':
    case 'currency':
      return { unit: 'none', suffix: '', isKnown: false }
    default:
      // Grafana, too, shows a name that it does not know after the number.
      return { unit: 'none', suffix: name.slice(0, 30), isKnown: true }
  }
}
