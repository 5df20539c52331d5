type Three = readonly [number, number, number]

/** `oklch(48.5% 0.095 208)`, as the style sheet writes its colours. */
const OKLCH = /^oklch\(\s*([\d.]+)%\s+([\d.]+)\s+([\d.]+)(?:deg)?\s*\)$/
/** `lab(41% -26.7 -16.5)`, what a build makes of it. */
const LAB = /^lab\(\s*([\d.]+)%\s+(-?[\d.]+)\s+(-?[\d.]+)\s*\)$/

/**
 * A colour of the style sheet as `#rrggbb`: the chart library reads no others when it mixes colours, nor do programs that
 * open a saved SVG. What is in neither form above stays as it is. To let a canvas do it would be shorter, but browsers
 * that hide what a canvas draws would give another colour.
 */
export function hexOf(css: string): string {
  const oklch = numbersOf(OKLCH, css)
  if (oklch) return hex(fromOklch(oklch))
  const lab = numbersOf(LAB, css)
  return lab ? hex(fromLab(lab)) : css.trim()
}

function numbersOf(form: RegExp, css: string): Three | null {
  const match = form.exec(css.trim())
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null
}

/** Linear sRGB, with the numbers of CSS Color 4. */
function fromOklch([percent, chroma, hue]: Three): Three {
  const l = percent / 100
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ]
}

/** Linear sRGB of CIE Lab under D50, adapted to D65 by Bradford's transform. */
function fromLab([l, a, b]: Three): Three {
  const y = (l + 16) / 116
  const x = 0.96422 * uncurved(y + a / 500)
  const z = 0.82521 * uncurved(y - b / 200)
  const luminous = uncurved(y)
  return [
    3.1338561 * x - 1.6168667 * luminous - 0.4906146 * z,
    -0.9787684 * x + 1.9161415 * luminous + 0.033454 * z,
    0.0719453 * x - 0.2289914 * luminous + 1.4052427 * z,
  ]
}

function uncurved(value: number): number {
  return value > 6 / 29 ? value ** 3 : (value - 16 / 116) / 7.787
}

function hex(linear: Three): string {
  return `#${linear.map((value) => byte(value).toString(16).padStart(2, '0')).join('')}`
}

function byte(linear: number): number {
  const value = Math.min(1, Math.max(0, linear))
  const encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055
  return Math.round(encoded * 255)
}

/** So far (0 to 1) on the way from one `#rrggbb` to another, as the chart library mixes them. */
export function mixed(from: string, to: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [first, second] = [from, to].map((hex) => parseInt(hex.slice(at, at + 2), 16))
    return Math.round((first ?? 0) + ((second ?? 0) - (first ?? 0)) * share)
  })
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** `#rrggbb` so much (0 to 1) of which covers what is below. */
export function seeThrough(colour: string, share: number): string {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
  return `rgba(${red ?? 0},${green ?? 0},${blue ?? 0},${share})`
}

/** Contrast of two `#rrggbb` as WCAG 2 has it, 1 to 21. */
export function contrast(first: string, second: string): number {
  const [high = 0, low = 0] = [luminance(first), luminance(second)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
