import { encode } from 'uqr'
import { describe, expect, it } from 'vitest'

import { banner } from './banner'

const ADDRESSES = [
  { origin: 'http://192.168.1.7:3000', label: 'Wi-Fi (wlan0)' },
  { origin: 'http://10.0.0.5:3000', label: 'eth0' },
]

/** Reads the half blocks back into rows of modules; true is dark. */
function modulesOf(text: string): boolean[][] {
  const lines = text.split('\n').filter((line) => /^ {2}[█▀▄ ]{20,}$/.test(line))
  return lines.flatMap((line) => {
    const cells = Array.from(line.slice(2))
    return [
      cells.map((cell) => cell === '▄' || cell === ' '),
      cells.map((cell) => cell === '▀' || cell === ' '),
    ]
  })
}

describe('what is printed at the start', () => {
  it('names every address, the best one first', () => {
    const text = banner({ addresses: ADDRESSES, port: 3000, colours: false })
    const places = ['http://localhost:3000/', ...ADDRESSES.map(({ origin }) => `${origin}/`)].map((url) =>
      text.indexOf(url),
    )
    expect(places.every((place) => place >= 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })

  it('shows a QR code that opens / at the best address', () => {
    const { data, size } = encode('http://192.168.1.7:3000/', { border: 2 })
    const modules = modulesOf(banner({ addresses: ADDRESSES, port: 3000, colours: false }))
    expect(modules.slice(0, size)).toEqual(data)
  })

  it('says so when there is no network, and shows no code', () => {
    const text = banner({ addresses: [], port: 3000, colours: true })
    expect(text).toContain('on no network')
    expect(text).not.toContain('█')
  })

  it('colours the code on a terminal only, and ends every coloured line', () => {
    const coloured = banner({ addresses: ADDRESSES, port: 3000, colours: true })
    expect(banner({ addresses: ADDRESSES, port: 3000, colours: false })).not.toContain('\u001b')
    expect(coloured.split('\u001b[97;40m').length).toBe(coloured.split('\u001b[0m').length)
    expect(coloured).toContain('\u001b[97;40m')
  })
})
