/**
 * Allows `burst` actions at once and `perSecond` of them in the long run. Holds no clock: `nowMs` is handed in,
 * and a clock that steps back costs nothing but the step.
 */
export class TokenBucket {
  private tokens: number
  private atMs: number

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    nowMs: number,
  ) {
    this.tokens = burst
    this.atMs = nowMs
  }

  /** Takes `count` tokens if there are as many. */
  take(nowMs: number, count = 1): boolean {
    this.refill(nowMs)
    if (this.tokens < count) return false
    this.tokens -= count
    return true
  }

  /** Milliseconds until `take` of as many succeeds; 0 when it would now. */
  waitMs(nowMs: number, count = 1): number {
    this.refill(nowMs)
    return this.tokens >= count ? 0 : Math.ceil(((count - this.tokens) / this.perSecond) * 1000)
  }

  /** Nothing was taken for so long that the bucket says nothing any more. */
  isFull(nowMs: number): boolean {
    this.refill(nowMs)
    return this.tokens >= this.burst
  }

  private refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.atMs)
    this.atMs = nowMs
    this.tokens = Math.min(this.burst, this.tokens + (elapsedMs / 1000) * this.perSecond)
  }
}
