import type { SymbolPacket } from '../packet/symbol'

/** What may arrive before its announcement does: the first symbols of one round trip on a slow path. */
const EARLY_MAX = 128

/** Symbols that overtook their MANIFEST; bounded, and the oldest give way (SPEC AS). */
export class EarlySymbols {
  #kept: { readonly transferId: string; readonly symbol: SymbolPacket }[] = []

  /** False when an older symbol had to go for it. */
  keep(transferId: string, symbol: SymbolPacket): boolean {
    this.#kept.push({ transferId, symbol: { ...symbol, payload: symbol.payload.slice() } })
    if (this.#kept.length <= EARLY_MAX) return true
    this.#kept.shift()
    return false
  }

  take(transferId: string): SymbolPacket[] {
    const mine = this.#kept.filter((entry) => entry.transferId === transferId)
    if (mine.length > 0) this.#kept = this.#kept.filter((entry) => entry.transferId !== transferId)
    return mine.map(({ symbol }) => symbol)
  }
}
