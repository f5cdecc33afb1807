/** Numbers with units: the same on screens, walls and in exports, so they live where all of these can read them. */
export {
  formatCount,
  formatFixed,
  formatRatio,
  formatScaled,
  formatValue,
  noValue,
  type Scale,
  scaleFor,
  type Unit,
} from '#shared/domain/unit.ts'
