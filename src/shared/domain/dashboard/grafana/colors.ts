/** Colours of Grafana as states and as colours of the theme: Belfry has no free colours, so that states stay telling. */
import type { PanelState, SeriesColor } from '../values.ts'

/** What a colour of a threshold or a mapping most likely says. Blue and violet say nothing. */
export function stateOf(color: string): PanelState {
  switch (hueWord(color)) {
    case 'red':
      return 'down'
    case 'orange':
    case 'yellow':
      return 'degraded'
    case 'green':
      return 'up'
    case 'gray':
      return 'unknown'
    default:
      return 'neutral'
  }
}

/** Null: the colour says nothing that the series' own place in the order would not. */
export function seriesColorOf(color: string): SeriesColor | null {
  switch (hueWord(color)) {
    case 'red':
      return 'down'
    case 'orange':
    case 'yellow':
      return 'degraded'
    case 'green':
      return 'series-3'
    case 'blue':
      return 'series-1'
    case 'purple':
      return 'series-2'
    case 'gray':
      return 'series-5'
    default:
      return null
  }
}

type Hue = 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'purple' | 'gray'

/** Grafana's names are such as `semi-dark-red`; the rest is `#73BF69` or `rgba(50, 172, 45, 0.97)`. */
function hueWord(color: string): Hue | null {
  const name = /^(?:(?:super-light|light|semi-dark|dark|super-dark)-)?(red|orange|yellow|green|blue|purple)$/.exec(
    color,
  )?.[1]
  if (name !== undefined) return hues.find((hue) => hue === name) ?? null
  if (/^gr[ae]y$/.test(color)) return 'gray'
  const rgb = rgbOf(color)
  return rgb === null ? null : hueOf(rgb)
}

const hues: readonly Hue[] = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'gray']

function rgbOf(color: string): readonly [number, number, number] | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})(?:[0-9a-f]{2})?$/i.exec(color)?.[1]
  const digits = hex?.length === 3 ? [...hex].map((digit) => digit + digit) : (hex?.match(/../g) ?? null)
  const parts = digits
    ? digits.map((pair) => Number.parseInt(pair, 16))
    : /^rgba?\(\s*([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)/.exec(color)?.slice(1).map(Number)
  const [red, green, blue] = parts ?? []
  return red === undefined || green === undefined || blue === undefined ? null : [red, green, blue]
}

/** Null for black and white. Source: hue of HSL, W3C CSS Color Module Level 4, chapter 7. */
function hueOf([red, green, blue]: readonly [number, number, number]): Hue | null {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)]
  const spread = most - least
  if (spread < 0.15 * 255) return most > 230 || most < 40 ? null : 'gray'
  const sixth =
    most === red
      ? ((green - blue) / spread + 6) % 6
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4
  const degrees = sixth * 60
  if (degrees < 18 || degrees >= 335) return 'red'
  if (degrees < 42) return 'orange'
  if (degrees < 68) return 'yellow'
  if (degrees < 170) return 'green'
  return degrees < 255 ? 'blue' : 'purple'
}
