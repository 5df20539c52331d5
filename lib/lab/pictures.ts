import { LABEL_MAX_CHARS } from './experiment'
import type { Experiment } from './experiment'

/** A picture of an experiment, with its file. */
export interface LabPicture {
  /** As the experiment names it. */
  readonly name: string
  readonly bytes: number
  /** Pixels as it is seen, after its orientation. */
  readonly width: number
  readonly height: number
  /** By the same name. */
  readonly file: File
}

type Named = Experiment['pictures'][number]

/** The file for a picture that an experiment names; undefined when it is not here. */
export function fileOf(pictures: readonly LabPicture[], { name, bytes }: Named): LabPicture | undefined {
  return pictures.find((picture) => picture.name === name && picture.bytes === bytes)
}

/** What an experiment from a link names and this page does not have. */
export function missingPictures(experiment: Experiment, pictures: readonly LabPicture[]): Named[] {
  return experiment.pictures.filter((named) => !fileOf(pictures, named))
}

/** A name that an experiment takes: short enough, its ending kept, and not one of those that are taken. */
export function pictureLabel(name: string, taken: readonly string[]): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let nth = 1; ; nth++) {
    const tail = nth === 1 ? ending : ` (${nth})${ending}`
    const label = `${cut(stem, LABEL_MAX_CHARS - tail.length)}${tail}`
    if (!taken.includes(label)) return label
  }
}

/** Never half a character. */
function cut(text: string, length: number): string {
  return text.slice(0, Math.max(1, length)).replace(/[\uD800-\uDBFF]$/, '')
}
