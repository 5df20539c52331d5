import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { raptorqCode } from './raptorq-code'

import { LANES_LOST_MAX_MS } from '@/lib/protocol/constants'
import type { PictureReceiver } from '@/lib/protocol/rx/picture-receiver'
import type { TransferMode, TransferReport } from '@/lib/protocol/report'
import type { Impairment, ImpairmentSpec } from '@/lib/sim/impairments'
import type { SimPeer } from '@/lib/sim/peer'
import { duplicatesIn } from '@/lib/sim/truth'
import { World } from '@/lib/sim/world'

const digest = (pieces: readonly Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

const MODES = ['classic', 'repair', 'assured'] as const
const EVENTS_MAX = 3_000_000

interface Setting {
  readonly seed: number
  readonly mode: TransferMode
  readonly bytes: number
  readonly loss: number
  readonly coded: boolean
}

const setting = {
  seed: fc.integer(),
  mode: fc.constantFrom<TransferMode>(...MODES),
  bytes: fc.integer({ min: 1, max: 150_000 }),
  loss: fc.constantFrom(0, 0.02, 0.2),
  coded: fc.boolean(),
}

/** A world whose link can be cut by setting `cut`. */
function worldOf({ seed, mode, loss, coded }: Setting) {
  const state = { cut: false }
  const cut: Impairment = (bytes) => (state.cut ? [] : [{ bytes, delayMs: 0 }])
  const link: (ImpairmentSpec | Impairment)[] = [
    cut,
    { type: 'loss', probability: loss },
    { type: 'rate', bytesPerSecond: 250_000, queuePackets: 500 },
    { type: 'delay', ms: 20 },
  ]
  const code = coded && mode === 'assured' ? { code: raptorqCode() } : {}
  const lanes = mode === 'assured' ? { lanes: 8, sctp: true } : { lanes: 2 }
  return { state, world: new World({ seed, digest, aToB: link, bToA: link, ...lanes, ...code }) }
}

/** Both reports against what the link did; the picture at `to` is exact, or Classic has lost some of it. */
function expectTruth(from: SimPeer, to: SimPeer, id: string, picture: Uint8Array, loss = 0): TransferReport {
  const sent = from.endpoint.sender(id)?.report()
  const held = to.endpoint.receiver(id)?.report()
  if (!sent || !held) throw new Error('no final report')
  const truth = to.truth.transfer(id)
  expect(truth.numbersSent.size).toBe(truth.transmissions)
  expect(held).toMatchObject({
    packetsSent: truth.transmissions,
    packetsReceived: truth.arrivals.size,
    duplicates: duplicatesIn(truth),
    lateAfterFreeze: truth.late,
    bytesReceived: truth.bytes,
  })
  expect({ ...sent, lateAfterFreeze: 0 }).toEqual({ ...held, lateAfterFreeze: 0 })
  expect(from.endpoint.sender(id)?.invalid).toBe(0)
  expect(to.endpoint.receiver(id)?.invalid).toBe(0)
  const bytes = to.heldBytes(id)
  expect(held.sha256).toBe(digest([bytes]))
  expect(held.exact).toBe(Buffer.compare(bytes, picture) === 0)
  if (held.mode !== 'classic' || loss === 0) expect(held.exact).toBe(true)
  return held
}

/** What a page would hand over: pictures whose peer was lost. */
function findHeldIn(receivers: () => readonly (PictureReceiver | null | undefined)[]) {
  return ({ sha256 }: { readonly sha256: string }) =>
    receivers().find((receiver) => receiver?.interrupted && receiver.manifest.sha256 === sha256)?.assembler ??
    null
}

describe('a broken moment', { timeout: 300_000 }, () => {
  test('[RS1] the link is cut for up to a minute and the lanes are replaced: the same transfer goes on', () => {
    const cases = fc.record({
      ...setting,
      atMs: fc.integer({ min: 0, max: 900 }),
      /** How long the lanes look open although nothing passes. */
      unnoticedMs: fc.integer({ min: 0, max: 15_000 }),
      lostMs: fc.integer({ min: 0, max: 60_000 }),
    })
    fc.assert(
      fc.property(cases, ({ atMs, unnoticedMs, lostMs, ...rest }) => {
        const { world, state } = worldOf(rest)
        const picture = world.random.bytes(rest.bytes)
        const id = world.send(world.a, picture, rest.mode)
        world.at(atMs, () => (state.cut = true))
        world.at(atMs + unnoticedMs, () => world.loseLanes())
        world.at(atMs + unnoticedMs + lostMs, () => {
          state.cut = false
          world.openLanes()
        })
        expect(world.run({ maxEvents: EVENTS_MAX })).toBe('rest')
        // What Classic had in its buffers is lost with the lanes.
        const report = expectTruth(world.a, world.b, id, picture, 1)
        if (rest.mode !== 'classic') expect(report.exact).toBe(true)
        else expect(report.packetsSent).toBe(Math.ceil(rest.bytes / 1024))
        expect(report.resumed).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  test('[RS3] [RS4] [RS5] the sender is loaded anew and sends the picture again: only what is missing is wanted', () => {
    const cases = fc.record({
      ...setting,
      bytes: fc.integer({ min: 10_000, max: 150_000 }),
      /** Of the time that the picture takes. */
      share: fc.double({ min: 0, max: 0.9, noNaN: true }),
    })
    let resumed = 0
    fc.assert(
      fc.property(cases, ({ share, ...rest }) => {
        const { world } = worldOf(rest)
        const picture = world.random.bytes(rest.bytes)
        const first = world.send(world.a, picture, rest.mode)
        world.run({ untilMs: 60 + share * (rest.bytes / 250) })
        const old = world.b
        const left = old.endpoint.receiver(first)
        const heldBefore = left?.assembler.held ?? 0
        world.reload('a', { b: { findHeld: findHeldIn(() => [left]) } })

        const id = world.send(world.a, picture, rest.mode)
        expect(world.run({ maxEvents: EVENTS_MAX })).toBe('rest')
        const report = expectTruth(world.a, world.b, id, picture, rest.loss)
        const wasOver = left === null || !left.interrupted || heldBefore === 0
        expect(report.resumed).toBe(wasOver ? 0 : heldBefore)
        const missing = Math.ceil(rest.bytes / 1024) - report.resumed
        if (rest.mode === 'classic') expect(report.packetsSent).toBe(missing)
        if (rest.mode === 'repair' && rest.loss === 0) expect(report.packetsSent).toBe(missing)
        // Nothing is taken away from the picture that was broken off.
        expect(left?.assembler.held ?? 0).toBe(heldBefore)
        if (left) expect(digest(left.assembler.pieces())).toBe(left.report()?.sha256)
        if (report.resumed > 0) resumed++
      }),
      { numRuns: 200 },
    )
    expect(resumed).toBeGreaterThan(50)
  })

  test('[RS6] chunks of another picture that claimed the same digest are found out and fetched', () => {
    const cases = fc.record({
      ...setting,
      bytes: fc.integer({ min: 3000, max: 100_000 }),
      atMs: fc.integer({ min: 60, max: 400 }),
      digestMs: fc.integer({ min: 1, max: 900 }),
      share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    })
    fc.assert(
      fc.property(cases, ({ share, ...rest }) => {
        const { world } = worldOf(rest)
        const picture = world.random.bytes(rest.bytes)
        const forged = world.random.bytes(rest.bytes)
        const first = world.send(world.a, forged, 'repair')
        world.run({ untilMs: 45 + share * (rest.bytes / 250) })
        const left = world.b.endpoint.receiver(first)
        world.reload('a', { b: { findHeld: () => left?.assembler ?? null } })
        const id = world.send(world.a, picture, rest.mode)
        expect(world.run({ maxEvents: EVENTS_MAX })).toBe('rest')
        // With holes left nobody can tell which chunks are wrong; Repair fills them, and then it shows.
        if (!world.b.endpoint.receiver(id)?.assembler.whole) {
          expect(world.b.endpoint.receiver(id)?.exact).toBe(false)
          world.b.act((endpoint, now) => endpoint.repair(id, now))
          expect(world.run({ maxEvents: EVENTS_MAX })).toBe('rest')
        }
        const report = expectTruth(world.a, world.b, id, picture)
        expect(report.resumed).toBe(0)
      }),
      { numRuns: 150 },
    )
  })

  test('[RS1] without a lane for three minutes both sides end, and without a packet in vain', () => {
    for (const mode of MODES) {
      const { world } = worldOf({ seed: 7, mode, bytes: 100_000, loss: 0, coded: false })
      const id = world.send(world.a, world.random.bytes(100_000), mode)
      world.run({ untilMs: 200 })
      world.loseLanes()
      const sent = world.a.endpoint.sender(id)?.packetsSent
      world.run({ untilMs: 200 + LANES_LOST_MAX_MS - 1 })
      expect(world.a.endpoint.sender(id)?.over).toBe(false)
      expect(world.b.endpoint.receiver(id)?.final).toBe(false)
      expect(world.run({ maxEvents: EVENTS_MAX })).toBe('rest')
      expect(world.a.endpoint.sender(id)).toMatchObject({ errorCode: 'SHOAL_PEER_SILENT', packetsSent: sent })
      expect(world.b.endpoint.receiver(id)).toMatchObject({
        errorCode: 'SHOAL_PEER_SILENT',
        final: true,
        interrupted: true,
      })
    }
  })
})
