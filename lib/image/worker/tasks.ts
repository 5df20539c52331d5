import type { ImageType } from '@/lib/protocol/report'

import type { FileVerdict } from '../inspect-file'
import type { PieceOfPicture, ShownPicture } from './show-held'
import type { Rendering } from './render'

/** What the image worker does, one task a worker: tasks by name, with what goes in and what comes out. */
export interface ImageTasks {
  inspect: { input: { file: Blob }; output: FileVerdict }
  render: { input: { source: RenderSource; longestSidePx: number }; output: Rendering | null }
  'show-held': { input: PieceOfPicture; output: ShownPicture | null }
  redraw: { input: { file: Blob } & RedrawOptions; output: Blob | null }
}

/** A file, or what the page decoded of it: a bitmap of any size, and the size of the picture itself. */
export type RenderSource =
  { readonly file: Blob } | { readonly bitmap: ImageBitmap; readonly width: number; readonly height: number }

export interface RedrawOptions {
  readonly width: number
  readonly height: number
  readonly type: ImageType
  /** 0.1 to 1. */
  readonly quality: number
}

export type TaskName = keyof ImageTasks

export interface TaskRequest<Name extends TaskName> {
  readonly name: Name
  readonly input: ImageTasks[Name]['input']
}

export type AnyTaskRequest = { [Name in TaskName]: TaskRequest<Name> }[TaskName]
