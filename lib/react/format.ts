/** Narrow no-break space: groups of three stay on one line and are read as one number. */
const THIN = '\u202f'
/** No-break space between a figure and its unit. */
const NBSP = '\u00a0'

/** 123904 -> "123 904". */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, THIN)
}

/** Exact bytes: "123 904 B". */
export function formatExactBytes(bytes: number): string {
  return `${formatCount(bytes)}${NBSP}B`
}

/** Decimal units, three figures: "812 kB", "2.04 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)}${NBSP}B`
  const units = ['kB', 'MB', 'GB']
  let value = bytes
  let unit = 'B'
  for (const next of units) {
    if (Number(value.toPrecision(3)) < 1000) break
    value /= 1000
    unit = next
  }
  const figures = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
  return `${figures}${NBSP}${unit}`
}

/** "3.4 MB/s"; slow links in kB/s. */
export function formatRate(bytesPerSecond: number): string {
  if (bytesPerSecond < 100_000) return `${(bytesPerSecond / 1000).toFixed(1)}${NBSP}kB/s`
  const megabytes = bytesPerSecond / 1_000_000
  return `${megabytes.toFixed(megabytes >= 10 ? 1 : 2)}${NBSP}MB/s`
}

/** 0 to 100: "0 %", "0.4 %", "12 %". A loss that is not zero never reads as zero, nor an unfinished one as whole. */
export function formatPercent(percent: number): string {
  if (percent === 0 || percent === 100) return `${percent}${NBSP}%`
  if (percent < 0.01) return `<${NBSP}0.01${NBSP}%`
  if (percent > 99.99) return `>${NBSP}99.99${NBSP}%`
  const figures = percent < 1 || percent > 99 ? 2 : 1
  return `${Number(percent.toFixed(figures))}${NBSP}%`
}

/** A time span in milliseconds: "84 ms", "1.32 s", "2 min 5 s". */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < 1000) return `${Math.round(ms)}${NBSP}ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)}${NBSP}s`
  return formatSecondsLeft(ms / 1000)
}

/** "8 s", "2 min 5 s", "1 h 12 min". */
export function formatSecondsLeft(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 60) return `${whole}${NBSP}s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}${NBSP}min ${whole % 60}${NBSP}s`
  return `${Math.floor(minutes / 60)}${NBSP}h ${minutes % 60}${NBSP}min`
}

/** Epoch milliseconds as the local time of day with milliseconds: "14:03:07.214". */
export function formatClock(epochMs: number): string {
  const date = new Date(epochMs)
  if (Number.isNaN(date.getTime())) return '–'
  const two = (value: number) => value.toString().padStart(2, '0')
  const ms = date.getMilliseconds().toString().padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`
}

/** "height × width × channels", the order the file facts are given in. */
export function formatShape(shape: { height: number; width: number; channels: number }): string {
  return `${shape.height} × ${shape.width} × ${shape.channels}`
}

/** "ANNA", "ANNA and BEN", "ANNA, BEN and 2 others". */
export function formatNames(names: readonly string[]): string {
  const [first = '', second = ''] = names
  if (names.length <= 1) return first
  if (names.length === 2) return `${first} and ${second}`
  if (names.length === 3) return `${first}, ${second} and ${names[2] ?? ''}`
  return `${first}, ${second} and ${names.length - 2} others`
}
