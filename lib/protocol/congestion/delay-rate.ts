import type { CongestionController, PathSample } from './controller'
import { LossMeter } from './loss-meter'
import { Pacer } from './pacer'
import { RivalWatch } from './rival-watch'

/** Bytes sent in the first round trip of an unknown path: 96 packets, the first windows of ten lanes. */
const INITIAL_WINDOW_BYTES = 96 * 1047
const INITIAL_RTT_MS = 50
/** 4 Mbit/s: below it even a small picture takes seconds. */
const RATE_START_MIN = 500
/** 200 Mbit/s: what two browsers of one machine can do with messages of 1 024 bytes. */
const RATE_START_MAX = 25_000
const RATE_MIN = 25
const RATE_MAX = 125_000

/**
 * On a path this short the rate of delivery is that of two busy pages, and a picture is over before the search for a better one
 * is: each begins as the first one did.
 */
const SHORT_PATH_RTT_MS = 10

/** A queue longer than this is ours: the search for the path's rate is over. */
const STARTUP_QUEUE_MS = 15
const STARTUP_GAIN = 2
const LOSS_MAX = 0.6
/** What is lost while the queue is longer than this may have been lost in it, by our own doing. */
const CALM_QUEUE_MS = 25
/** A rate is taken over at least this: shorter spans measure the timers. */
const RATE_SPAN_MS = 30
/** The best of the rates of so much time in which packets came is what the path can do. */
const BEST_SPAN_MS = 400
/** Of so many rates and more the best is not believed, but the second. */
const RATES_TO_DOUBT = 5
/** Nothing left for so long: what leaves next begins a picture. */
const PAUSE_MS = 200
const QUEUE_DELAYS_KEPT = 2000
/**
 * A queue of the network stays; what a busy host holds back comes and goes. So the least delay of the last half round
 * trip counts (as in Copa, NSDI 2018), within these bounds.
 */
const STANDING_MIN_MS = 8
const STANDING_MAX_MS = 40

/** By how much the path's rate is multiplied at a queueing delay up to so many milliseconds. */
type Gains = readonly (readonly [upToMs: number, gain: number])[]
const GAINS: Gains = [
  [5, 1.1],
  [12, 1],
  [25, 0.9],
  [50, 0.75],
  [Infinity, 0.6],
]
/** Where the queue is another's: who backs off for it alone ends with nothing. Up to the queue that BBR's window of two paths makes. */
const GAINS_BESIDE: Gains = [
  [60, 1.2],
  [80, 1],
  [Infinity, 0.8],
]
/** At most this beside another while more is lost than the path loses by itself: the queue is full. */
const GAIN_FULL = 1
const FULL_LOSS = 0.02
/** Until it is known whose the queue is, the rate stays at this share of the path's before it. */
const UNKNOWN_LEAST = 0.7

/**
 * The default: twice the rate of delivery until a queue appears, then around that rate, steered by the
 * queueing delay and divided by the share that arrives (after BBR and LEDBAT; SPEC CC2 to CC6).
 */
export class DelayRateController implements CongestionController {
  readonly #pacer = new Pacer()
  #rate: number | null = null
  #startup = true
  #highQueues = 0
  readonly #loss = new LossMeter()
  /** Of the times when the queue was short: what is lost then is the path's own. */
  readonly #calmLoss = new LossMeter()
  #minRtt: number | null = null
  #sentAt = Infinity
  #receiverSpanMs = 0
  #senderSpanMs = 0
  #spanBytes = 0
  /** Time over which rates were taken: pauses do not count. */
  #measuredMs = 0
  readonly #rates: { readonly atMs: number; readonly rate: number }[] = []
  readonly #queueDelays: number[] = []
  readonly #rivals = new RivalWatch()
  /** What the path carried when the queue was last ours. */
  #bestAlone = 0
  readonly #lastDelays: { readonly atMs: number; readonly delayMs: number }[] = []

  get rateBytesPerMs(): number {
    this.#rate ??= this.#startRate()
    return this.#rate
  }

  get lossRate(): number {
    return this.#loss.rate
  }

  get measured(): boolean {
    return this.#loss.measured
  }

  get minRttMs(): number | null {
    return this.#minRtt
  }

  get queueDelaysMs(): readonly number[] {
    return this.#queueDelays
  }

  handleRtt(rttMs: number): void {
    this.#minRtt = Math.min(this.#minRtt ?? Infinity, Math.max(rttMs, 0.2))
  }

  handleSent(bytes: number, now: number): void {
    if (this.#rates.length > 0 && now - this.#sentAt > PAUSE_MS) {
      const known = this.#best() / this.#arriving()
      // A search that a picture's end broke off had gone beyond what the path is known to carry; else what is lower than
      // that is for a queue that has gone meanwhile.
      const rate = this.#startup ? Math.min(this.rateBytesPerMs, known) : known
      const least = (this.#minRtt ?? Infinity) < SHORT_PATH_RTT_MS ? this.#startRate() : RATE_MIN
      this.#rate = clamp(rate, least, RATE_MAX)
      this.#rivals.begin(now)
    }
    this.#sentAt = now
    this.#pacer.handleSent(bytes)
  }

  maySend(bytes: number, now: number): boolean {
    return this.#pacer.maySend(bytes, this.rateBytesPerMs, now)
  }

  nextSendAt(bytes: number): number {
    return this.#pacer.nextSendAt(bytes, this.rateBytesPerMs)
  }

  handleFeedback(sample: PathSample): void {
    if (sample.rttMs !== null) this.handleRtt(sample.rttMs)
    this.#loss.count(sample.arrivedPackets, sample.lostPackets)
    if (sample.queueDelayMs <= CALM_QUEUE_MS) this.#calmLoss.count(sample.arrivedPackets, sample.lostPackets)
    this.#queueDelays.push(sample.queueDelayMs)
    if (this.#queueDelays.length > QUEUE_DELAYS_KEPT) this.#queueDelays.shift()
    const standingMs = this.#standingDelay(sample)
    // What the search for the rate leaves behind is ours.
    if (this.#startup) this.#rivals.begin(sample.now)
    else this.#rivals.handleQueue(standingMs, sample.now)
    const delivery = this.#deliveryRate(sample)
    if (delivery === null) return
    if (this.#startup) this.#searchRate(standingMs, delivery)
    else this.#holdRate(standingMs, sample.now)
  }

  handleSilence(): void {
    this.#startup = false
    // What the path could do before is no reason to go back to it.
    this.#rates.length = 0
    this.#bestAlone = 0
    this.#rate = clamp(this.rateBytesPerMs / 2, RATE_MIN, RATE_MAX)
  }

  handleOtherPath(): void {
    this.#startup = true
    this.#highQueues = 0
    this.#rate = null
    this.#rates.length = 0
    this.#beginSpan()
  }

  /**
   * Bytes per ms that arrived over the last span that is long enough; null until there is one. Never more than was sent
   * in its time (as in BBR): a receiver that was held up takes in all that waited for it at once.
   */
  #deliveryRate({ receiverSpanMs, senderSpanMs, arrivedBytes }: PathSample): number | null {
    this.#receiverSpanMs += receiverSpanMs
    this.#senderSpanMs += senderSpanMs
    if (receiverSpanMs > 0) this.#spanBytes += arrivedBytes
    const spanMs = Math.max(this.#receiverSpanMs, this.#senderSpanMs)
    if (spanMs < RATE_SPAN_MS) return null
    const rate = this.#spanBytes / spanMs
    this.#beginSpan()
    this.#measuredMs += spanMs
    this.#rates.push({ atMs: this.#measuredMs, rate })
    while ((this.#rates[0]?.atMs ?? Infinity) < this.#measuredMs - BEST_SPAN_MS) this.#rates.shift()
    return rate
  }

  #beginSpan(): void {
    this.#receiverSpanMs = 0
    this.#senderSpanMs = 0
    this.#spanBytes = 0
  }

  /** The queueing delay that stays, ms. */
  #standingDelay({ now, queueDelayMs }: PathSample): number {
    const spanMs = clamp((this.#minRtt ?? INITIAL_RTT_MS) / 2, STANDING_MIN_MS, STANDING_MAX_MS)
    this.#lastDelays.push({ atMs: now, delayMs: queueDelayMs })
    while ((this.#lastDelays[0]?.atMs ?? now) < now - spanMs) this.#lastDelays.shift()
    return Math.min(...this.#lastDelays.map(({ delayMs }) => delayMs))
  }

  #searchRate(standingMs: number, delivery: number): void {
    this.#highQueues = standingMs > STARTUP_QUEUE_MS ? this.#highQueues + 1 : 0
    if (this.#highQueues === 0) {
      this.#rate = clamp(Math.max(this.rateBytesPerMs, STARTUP_GAIN * delivery), RATE_MIN, RATE_MAX)
    } else {
      this.#startup = false
      this.#bestAlone = this.#best()
      // A little less than the path carries, until the queue of the search is gone.
      this.#rate = clamp((this.#bestAlone * 0.85) / this.#arriving(), RATE_MIN, RATE_MAX)
    }
  }

  #holdRate(standingMs: number, now: number): void {
    const owner = this.#rivals.owner(now)
    const best = this.#best()
    if (owner === 'ours') this.#bestAlone = best
    const least = owner === 'unknown' ? this.#bestAlone * UNKNOWN_LEAST : 0
    const gain = owner === 'theirs' ? this.#gainBeside(standingMs) : gainOf(GAINS, standingMs)
    this.#rate = clamp(Math.max(best * gain, least) / this.#arriving(), RATE_MIN, RATE_MAX)
  }

  #gainBeside(standingMs: number): number {
    const isFull = this.#calmLoss.measured && this.lossRate > this.#calmLoss.rate + FULL_LOSS
    return Math.min(gainOf(GAINS_BESIDE, standingMs), isFull ? GAIN_FULL : Infinity)
  }

  /** Of a path of which nothing is known but how long it is. */
  #startRate(): number {
    const rate = INITIAL_WINDOW_BYTES / (this.#minRtt ?? INITIAL_RTT_MS)
    return clamp(rate, RATE_START_MIN, RATE_START_MAX)
  }

  /** What the path can do. One rate of several may be that of a receiver that took in at once what had waited for it. */
  #best(): number {
    const [best = 0, second = best] = this.#rates.map(({ rate }) => rate).sort((a, b) => b - a)
    return this.#rates.length < RATES_TO_DOUBT ? best : second
  }

  /** The share that the path itself lets through: sending more for what our own queue drops would only make it drop more. */
  #arriving(): number {
    const calm = this.#calmLoss.measured ? this.#calmLoss.rate : Infinity
    return 1 - Math.min(this.lossRate, calm, LOSS_MAX)
  }
}

function gainOf(gains: Gains, standingMs: number): number {
  return gains.find(([upToMs]) => standingMs <= upToMs)?.[1] ?? 1
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
