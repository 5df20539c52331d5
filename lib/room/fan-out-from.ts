/** Up to so many a picture goes to each by its own best way; for more it goes up once, sealed, through the relay. */
const RECEIVERS = 8
/** On a device that has little of something, each further copy counts. */
const RECEIVERS_OF_WEAK = 3
const WEAK_MEMORY_GIB = 2

/** What a browser says of its device; most say nothing, and Chromium only in a secure context. */
export interface DeviceStrength {
  readonly deviceMemory?: number | undefined
  readonly hardwareConcurrency?: number | undefined
  /** The person asked for less data. */
  readonly connection?: { readonly saveData?: boolean | undefined } | undefined
}

/** From how many receivers on a picture goes up once for all. */
export function fanOutFrom({ deviceMemory, hardwareConcurrency, connection }: DeviceStrength): number {
  const isWeak =
    (deviceMemory !== undefined && deviceMemory <= WEAK_MEMORY_GIB) ||
    hardwareConcurrency === 1 ||
    connection?.saveData === true
  return isWeak ? RECEIVERS_OF_WEAK : RECEIVERS
}
