/** A service with a worker of its own, which starts with the first job that it is given. */
export interface StartableWorker {
  /** Starts it ahead of that, so that the first picture does not wait for a script. */
  start(): void
}
