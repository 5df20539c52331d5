export interface Raw {
  readonly data: Buffer
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

/** Where the sun stands, as a share of width and height: top left, so that a test can tell which way is up. */
export const SUN = { x: 0.2, y: 0.22, radius: 0.12 } as const

/** A small generator of even numbers between 0 and 1 (mulberry32): the same seed gives the same picture. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Something like a photo: a bright sky with a sun at its top left, dark hills, grain of `grain` levels over
 * all of it. With `alpha`, the sky around the sun is transparent.
 */
export function drawScene(options: {
  width: number
  height: number
  seed: number
  grain: number
  alpha?: boolean
}): Raw {
  const { width, height, seed, grain, alpha = false } = options
  const channels = alpha ? 4 : 3
  const random = randomFrom(seed)
  const data = Buffer.alloc(width * height * channels)
  const ridges = Array.from({ length: 3 }, (_, index) => ridge(width, height, 0.5 + 0.17 * index, random))
  const radius = SUN.radius * Math.min(width, height)

  let at = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const layer = ridges.reduce((count, line) => (y > (line[x] ?? 0) ? count + 1 : count), 0)
      const isSun = Math.hypot(x - SUN.x * width, y - SUN.y * height) < radius
      const noise = (random() - 0.5) * grain
      const [red, green, blue] = isSun ? [255, 236, 170] : layerColour(layer, y / height)
      data[at++] = clamp(red + noise)
      data[at++] = clamp(green + noise)
      data[at++] = clamp(blue + noise)
      if (alpha) data[at++] = layer === 0 && !isSun ? 0 : 255
    }
  }
  return { data, width, height, channels }
}

function layerColour(layer: number, down: number): [number, number, number] {
  if (layer === 0) return [120 + 90 * down, 170 + 50 * down, 230]
  return [90 - 25 * layer, 130 - 32 * layer, 90 - 18 * layer]
}

/** The upper edge of one row of hills, for each column. */
function ridge(width: number, height: number, level: number, random: () => number): Float64Array {
  const waves = Array.from({ length: 5 }, (_, index) => ({
    size: (0.09 * height) / (index + 1),
    pace: ((index + 1) * (2 + random() * 3)) / width,
    shift: random() * 7,
  }))
  return Float64Array.from({ length: width }, (_, x) =>
    waves.reduce((sum, { size, pace, shift }) => sum + size * Math.sin(x * pace + shift), level * height),
  )
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)))
}
