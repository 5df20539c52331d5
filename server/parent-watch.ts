/** Short beside what a person waits for, and one system call each time. */
const LOOK_EVERY_MS = 500

/**
 * Calls back once the process that started this one is gone. npm puts a shell between itself and the server, and
 * passes SIGTERM on to that shell only: the server would go on and hold its port with nobody to end it.
 */
export function whenParentIsGone(onGone: () => void, parent = (): number => process.ppid): void {
  const first = parent()
  const timer = setInterval(() => {
    if (parent() === first) return
    clearInterval(timer)
    onGone()
  }, LOOK_EVERY_MS)
  timer.unref()
}
