/**
 * A seed for each direction of a path from the one that a person wrote down: far apart, so that what one way loses says
 * nothing about the other. SplitMix32's mixing.
 */
export function directionSeed(seed: number, direction: 'aToB' | 'bToA'): number {
  let z = (seed + (direction === 'aToB' ? 0x9e3779b9 : 0x3c6ef372)) | 0
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
  return (z ^ (z >>> 15)) | 0
}
