/**
 * Runs in Shoal's own pages before their scripts. Notes when things happen, by the documented test ids, so that the
 * bench need not look while a picture is under way. Times are epoch milliseconds.
 */
;(() => {
  const now = () => performance.timeOrigin + performance.now()
  const watch = {
    /** @type {number[]} presses of Send */
    clicks: [],
    /** @type {{ at: number, report: string }[]} final reports in the order of their end, as JSON */
    reports: [],
    /** @type {number[]} when the first preview of each picture was on the screen, by the page's `data-at-ms` */
    previews: [],
    /** @type {number | null} when the other side was first there */
    peerAt: null,
    /** @type {number | null} when the page opened its first WebSocket: its scripts run */
    socketAt: null,
    /** When anything on the page last changed: a page at rest has prepared what it was to prepare. */
    changedAt: now(),
    /** @type {RTCPeerConnection[]} all connections of the page */
    connections: [],
    /**
     * Resolves when there are so many reports: a look from outside, now and then, would take its time from the page.
     * @param {number} count
     */
    haveReports: (count) => when(() => watch.reports.length >= count),
    /** Resolves when the other side is there. */
    havePeer: () => when(() => watch.peerAt !== null),
  }
  /** @type {{ isSo: () => boolean, resolve: () => void }[]} */
  let waiting = []
  /**
   * @param {() => boolean} isSo
   * @returns {Promise<void>}
   */
  const when = (isSo) =>
    new Promise((resolve) => {
      waiting.push({ isSo, resolve })
      wake()
    })
  const wake = () => {
    for (const { isSo, resolve } of waiting) if (isSo()) resolve()
    waiting = waiting.filter(({ isSo }) => !isSo())
  }
  const seen = new Set()
  const look = () => {
    watch.changedAt = now()
    for (const element of document.querySelectorAll('[data-testid=report][data-report]')) {
      const id = element.getAttribute('data-transfer-id')
      if (seen.has(id)) continue
      seen.add(id)
      watch.reports.push({ at: now(), report: element.getAttribute('data-report') ?? '' })
    }
    for (const element of document.querySelectorAll('[data-testid=preview][data-at-ms]')) {
      const id = `preview ${element.getAttribute('data-transfer-id')}`
      if (seen.has(id)) continue
      seen.add(id)
      watch.previews.push(Number(element.getAttribute('data-at-ms')))
    }
    if (watch.peerAt === null && document.querySelector('[data-testid=peers]:not([data-count="0"])'))
      watch.peerAt = now()
    wake()
  }
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
  })
  document.addEventListener(
    'click',
    (event) => {
      if (event.target instanceof Element && event.target.closest('[data-testid=send]'))
        watch.clicks.push(now())
    },
    true,
  )
  const Socket = globalThis.WebSocket
  globalThis.WebSocket = class extends Socket {
    /** @param {ConstructorParameters<typeof WebSocket>} args */
    constructor(...args) {
      super(...args)
      watch.socketAt ??= now()
    }
  }
  const Original = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Original {
    /** @param {ConstructorParameters<typeof RTCPeerConnection>} args */
    constructor(...args) {
      super(...args)
      watch.connections.push(this)
    }
  }
  Object.assign(globalThis, { linkBench: watch })
})()
