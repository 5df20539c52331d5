import { CONTENDERS } from '../experiment'
import { CONTENDER_TITLES } from '../titles'
import type { Contender } from '../experiment'

/** How one contender is told from the others: by colour, by the dashes of its line, and by the shape of its points. */
export interface Mark {
  readonly name: string
  readonly colour: { readonly light: string; readonly dark: string }
  /** Lengths of line and gap in pixels; none: an unbroken line; null: points alone. */
  readonly dash: readonly number[] | null
  /** An SVG path in a box of 10 by 10. */
  readonly shape: string
}

export const SHAPES = {
  circle: 'M5 0A5 5 0 1 1 5 10A5 5 0 1 1 5 0Z',
  square: 'M.5.5H9.5V9.5H.5Z',
  triangle: 'M5 0L10 9.5H0Z',
  diamond: 'M5 0L10 5L5 10L0 5Z',
  down: 'M0 .5H10L5 10Z',
  plus: 'M3.5 0H6.5V3.5H10V6.5H6.5V10H3.5V6.5H0V3.5H3.5Z',
  cross: 'M2 0L5 3L8 0L10 2L7 5L10 8L8 10L5 7L2 10L0 8L3 5L0 2Z',
  star: 'M5 0L6.4 3.4L10 3.8L7.3 6.2L8.1 10L5 8L1.9 10L2.7 6.2L0 3.8L3.6 3.4Z',
  bar: 'M3 0H7V10H3Z',
  flag: 'M0 0L10 5L0 10Z',
} as const

/**
 * The hues are those of Okabe and Ito (2002), which people with any colour vision tell apart, made darker or lighter until
 * each has 3:1 against the page. Ten colours are more than anybody tells apart, hence the dashes and shapes.
 */
const MARKS: Readonly<Record<Contender, Mark>> = {
  assured: mark(CONTENDER_TITLES.assured, '#0072b2', '#5cb8f2', [], 'circle'),
  'assured-1': mark(CONTENDER_TITLES['assured-1'], '#2b8aa8', '#9bdcf0', [2, 3], 'flag'),
  classic: mark(CONTENDER_TITLES.classic, '#c95700', '#f0924a', [8, 4], 'square'),
  repair: mark(CONTENDER_TITLES.repair, '#007a5a', '#2fca9d', [12, 4, 2, 4], 'triangle'),
  reliable: mark(CONTENDER_TITLES.reliable, '#33383d', '#f0f0f0', [6, 3], 'diamond'),
  'retransmits-1': mark(CONTENDER_TITLES['retransmits-1'], '#b0508a', '#e79ac6', [3, 3], 'down'),
  'retransmits-3': mark(CONTENDER_TITLES['retransmits-3'], '#7440a0', '#bda2f2', [10, 3, 3, 3, 3, 3], 'plus'),
  lifetime: mark(CONTENDER_TITLES.lifetime, '#8a6a00', '#e8c547', [16, 4], 'star'),
  rtp: mark(CONTENDER_TITLES.rtp, '#c22f48', '#ff8490', [1, 3], 'cross'),
  ws: mark(CONTENDER_TITLES.ws, '#66707a', '#a9b3bd', [4, 6], 'bar'),
}

export function markOf(contender: Contender): Mark {
  return MARKS[contender]
}

export const ALL_MARKS: readonly Mark[] = CONTENDERS.map(markOf)

export function mark(
  name: string,
  light: string,
  dark: string,
  dash: readonly number[] | null,
  shape: keyof typeof SHAPES,
): Mark {
  return { name, colour: { light, dark }, dash, shape: SHAPES[shape] }
}

export function colourOf({ colour }: Mark, { dark }: { readonly dark: boolean }): string {
  return dark ? colour.dark : colour.light
}

/** The points of a series; hollow where what they stand for is not the whole story. */
export function pointLook(
  mark: Mark,
  look: { readonly dark: boolean; readonly surface: string },
  hollow = false,
) {
  const colour = colourOf(mark, look)
  return {
    symbol: `path://${mark.shape}`,
    itemStyle: hollow
      ? { color: look.surface, borderColor: colour, borderWidth: 2 }
      : { color: colour, borderColor: colour, borderWidth: 0 },
  }
}

export function lineLook(mark: Mark, look: { readonly dark: boolean }, width = 2) {
  return {
    color: colourOf(mark, look),
    width,
    type: mark.dash && mark.dash.length > 0 ? [...mark.dash] : ('solid' as const),
  }
}
