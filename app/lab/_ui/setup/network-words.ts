import type { Network } from '@/lib/lab/experiment'
import { NETWORK_PARAMETERS } from '@/lib/lab/networks'
import type { NetworkParameter, NetworkSettings } from '@/lib/lab/networks'
import { PARAMETERS } from '@/lib/lab/parameters'
import { NETWORK_PRESETS } from '@/lib/lab/presets'

/** No-break space, so that a number keeps its unit. */
const NBSP = '\u00a0'
/** More values than this are not read, only counted. */
const VALUES_SHOWN = 6

/** "20 Mbit/s · 25 to 40 ms · 20 % loss": what tells networks apart. */
export function shortNumbers({ mbit, oneWayMs, jitterMs, lossPercent, meanBurst }: NetworkSettings): string {
  const delay = jitterMs > 0 ? `${oneWayMs} to ${oneWayMs + jitterMs}` : `${oneWayMs}`
  const spells = lossPercent > 0 && meanBurst > 1 ? ` in spells of ${meanBurst}` : ''
  return [withUnit(mbit, 'Mbit/s'), `${delay}${NBSP}ms`, `${withUnit(lossPercent, '%')} loss${spells}`].join(
    ' · ',
  )
}

/** All eight, as a list of terms. */
export function allNumbers(settings: NetworkSettings): { readonly title: string; readonly value: string }[] {
  return NETWORK_PARAMETERS.map((parameter) => {
    const { title, unit } = PARAMETERS[parameter]
    return { title, value: withUnit(settings[parameter], unit) }
  })
}

/** "Loss: 0, 5, 10, … 40 %". */
export function axisWords({ parameter, values }: { parameter: NetworkParameter; values: readonly number[] }) {
  const { title, unit } = PARAMETERS[parameter]
  const last = values.at(-1)
  const list =
    values.length <= VALUES_SHOWN || last === undefined
      ? values.join(', ')
      : `${values.slice(0, 3).join(', ')}, … ${last}`
  return `${title}: ${list}${NBSP}${unit}`
}

export function baseTitle(base: Extract<Network, { type: 'sweep' }>['base']): string {
  return typeof base === 'string' ? NETWORK_PRESETS[base].title : 'Numbers of my own'
}

function withUnit(value: number, unit: string): string {
  return `${value}${NBSP}${unit}`
}
