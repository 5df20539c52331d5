import { describe, expect, it } from 'vitest'

import { pathIn, rttIn } from './candidate-path'

const host = { id: 'h', type: 'local-candidate', candidateType: 'host' }
const remote = { id: 'r', type: 'remote-candidate', candidateType: 'prflx' }
const turn = { id: 't', type: 'remote-candidate', candidateType: 'relay' }
const pair = (id: string, remoteCandidateId: string, more: object = {}) => ({
  ...{ id, type: 'candidate-pair', localCandidateId: 'h', remoteCandidateId },
  ...more,
})
const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'p1' }

describe('the path of a peer connection', () => {
  it('is direct or by TURN as the selected pair is, at either end', () => {
    expect(pathIn([host, remote, turn, pair('p1', 'r'), pair('p2', 't'), transport])).toBe('direct')
    expect(pathIn([host, remote, turn, pair('p1', 't'), pair('p2', 'r'), transport])).toBe('turn')
    const local = { ...host, candidateType: 'relay' }
    expect(pathIn([local, remote, pair('p1', 'r'), transport])).toBe('turn')
  })

  it('is that of the pair that Firefox marks', () => {
    expect(pathIn([host, remote, turn, pair('p1', 'r'), pair('p2', 't', { selected: true })])).toBe('turn')
  })

  it('is not known before a pair is selected', () => {
    expect(pathIn([])).toBeNull()
    expect(pathIn([host, remote, pair('p1', 'r')])).toBeNull()
    expect(pathIn([{ ...transport, selectedCandidatePairId: 'gone' }])).toBeNull()
  })
})

describe('the round trip of a peer connection', () => {
  it('is that of the selected pair’s last check, in milliseconds', () => {
    const slow = pair('p2', 't', { currentRoundTripTime: 0.5 })
    expect(rttIn([pair('p1', 'r', { currentRoundTripTime: 0.025 }), slow, transport])).toBe(25)
  })

  it('is not known where the browser does not say', () => {
    expect(rttIn([pair('p1', 'r'), transport])).toBeNull()
    expect(rttIn([pair('p1', 'r', { currentRoundTripTime: 0 }), transport])).toBeNull()
    expect(rttIn([])).toBeNull()
  })
})
