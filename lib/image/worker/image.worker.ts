import { runTask } from './run-task'
import type { AnyTaskRequest } from './tasks'

/** One task, one answer; the page ends the worker then, which frees all that the task held. */
self.addEventListener('message', (event: MessageEvent<AnyTaskRequest>) => {
  void answer(event.data)
})

async function answer(request: AnyTaskRequest): Promise<void> {
  try {
    self.postMessage({ output: await runTask(request) })
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
}
