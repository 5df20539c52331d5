import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { BAD, generatePhotos, WHOLE } from './generate'

export interface Photos {
  /** Where the pictures are from: a line for the test's output. */
  readonly source: 'SHOAL_PHOTOS' | 'generated'
  readonly folder: string
  /** Paths of pictures that are whole. */
  readonly whole: readonly string[]
  /** Paths of JPEGs that are damaged. */
  readonly damaged: readonly string[]
}

const PICTURE = /\.(jpe?g|png|webp)$/i
const DAMAGED = /^(corrupt|damaged)/i

/** The real photos of the folder SHOAL_PHOTOS names, or else the generated ones. */
export async function photos(): Promise<Photos> {
  const real = process.env['SHOAL_PHOTOS']
  if (real === undefined || real === '') return ownPhotos()
  const pictures = readdirSync(real).filter((name) => PICTURE.test(name))
  return {
    source: 'SHOAL_PHOTOS',
    folder: real,
    whole: pictures.filter((name) => !DAMAGED.test(name)).map((name) => join(real, name)),
    damaged: pictures.filter((name) => DAMAGED.test(name)).map((name) => join(real, name)),
  }
}

/** The generated pictures, whatever SHOAL_PHOTOS says. */
export async function ownPhotos(): Promise<Photos> {
  const folder = await generatePhotos()
  return {
    source: 'generated',
    folder,
    whole: Object.values(WHOLE).map((name) => join(folder, name)),
    damaged: [BAD.damaged, BAD.cut].map((name) => join(folder, name)),
  }
}
