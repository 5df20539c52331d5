/** `oklch(48.5% 0.095 208)`, as the style sheet writes its colours. */
const OKLCH = /^oklch\(\s*([\d.]+)%\s+([\d.]+)\s+([\d.]+)(?:deg)?\s*\)$/

/**
 * A colour of the style sheet as `#rrggbb`: the chart library reads no others when it mixes colours, nor do programs that
 * open a saved SVG. What is not in the form above stays as it is. The numbers are those of CSS Color 4, section 10.
 */
export function hexOf(css: string): string {
  const match = OKLCH.exec(css.trim())
  if (!match) return css.trim()
  const [lightness, chroma, hue] = match.slice(1).map(Number)
  const l = (lightness ?? 0) / 100
  const angle = ((hue ?? 0) * Math.PI) / 180
  const a = (chroma ?? 0) * Math.cos(angle)
  const b = (chroma ?? 0) * Math.sin(angle)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ]
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
