import { describe, expect, test } from 'vitest'

import { digestOf, manifestOf, statusOf } from '../fixtures'
import { contradictsSent, type ReceiverStatus } from './status'

const BYTES = 4196
const manifest = manifestOf(BYTES)
const PART = { packetsReceived: 3, chunksHeld: 3 } as const
const WHOLE = { phase: 'whole', packetsReceived: 5, chunksHeld: 5 } as const

function contradicts(changes: Partial<ReceiverStatus>): boolean {
  return contradictsSent(statusOf(changes), manifest, 5)
}

describe('[TX7] what a receiver says of five packets of five chunks', () => {
  test.each<[string, Partial<ReceiverStatus>]>([
    ['nothing has come', {}],
    ['some have come', PART],
    ['some were here, and none has come', { chunksHeld: 2, resumed: 2 }],
    ['all are here', WHOLE],
    ['all are here, but some from before may be wrong', { ...WHOLE, phase: 'receiving', resumed: 1 }],
    ['all are exact', { ...WHOLE, phase: 'final', exact: true, sha256: digestOf(BYTES) }],
  ])('can be: %s', (_, changes) => expect(contradicts(changes)).toBe(false))

  test.each<[string, Partial<ReceiverStatus>]>([
    ['more have come than were sent', { packetsReceived: 6 }],
    ['more chunks than packets', { packetsReceived: 3, chunksHeld: 4 }],
    ['more chunks than there are', { ...WHOLE, chunksHeld: 6, resumed: 6 }],
    ['all are here, and more is wanted', { ...WHOLE, phase: 'receiving' }],
    ['whole, with holes', { ...PART, phase: 'whole' }],
    ['exact, with holes', { ...PART, phase: 'final', exact: true, sha256: digestOf(BYTES) }],
    ['exact, with another digest', { ...WHOLE, phase: 'final', exact: true, sha256: 'f'.repeat(64) }],
  ])('cannot be: %s', (_, changes) => expect(contradicts(changes)).toBe(true))
})
