import { expect, test } from 'vitest'

import { digestOf, ID } from '../fixtures'
import { Assembler } from './assembler'
import { DigestCheck } from './digest-check'
import { Resumption } from './resumption'

const TWO_CHUNKS = 2048
const RIGHT = digestOf(1)
const WRONG = digestOf(2)
const chunk = () => new Uint8Array(1024)

test('[RX6] a digest is asked for once: of a whole picture, or of one with holes when the count is frozen', () => {
  const check = new DigestCheck(RIGHT, new Assembler(TWO_CHUNKS), null)
  expect([false, true, true].map((frozen) => check.poll(frozen))).toEqual([false, true, false])
  expect([WRONG, RIGHT].map((digest) => check.handleDigest(digest))).toEqual(['taken', 'ignored'])
  check.reopen()
  expect([check.done, check.poll(true)]).toEqual([false, true])
})

test('[RS6] a resumed picture is not whole before its digest says so, and begins anew with another one', () => {
  const before = new Assembler(TWO_CHUNKS)
  before.write(0, chunk())
  const assembler = new Assembler(TWO_CHUNKS)
  const check = new DigestCheck(RIGHT, assembler, Resumption.begin(ID, assembler, before))
  assembler.write(1, chunk())
  expect([check.whole, check.poll(false)]).toEqual([false, true])
  expect(check.handleDigest(WRONG)).toBe('begun-anew')
  expect([assembler.held, check.resumption, check.done]).toEqual([0, null, false])
  assembler.write(0, chunk())
  assembler.write(1, chunk())
  expect([check.poll(false), check.handleDigest(RIGHT), check.exact]).toEqual([true, 'taken', true])
})
