import { inspectFile } from '../inspect-file'
import { redraw, render } from './render'
import { showHeld } from './show-held'
import type { AnyTaskRequest, ImageTasks, TaskName } from './tasks'

/** The same in a worker and, where a browser lacks OffscreenCanvas, in the page. */
export function runTask(request: AnyTaskRequest): Promise<ImageTasks[TaskName]['output']> {
  switch (request.name) {
    case 'inspect':
      return inspectFile(request.input.file)
    case 'render':
      return render(request.input.source, request.input.longestSidePx)
    case 'show-held':
      return showHeld(request.input)
    case 'redraw':
      return redraw(request.input.file, request.input)
  }
}
