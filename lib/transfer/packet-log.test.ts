import { expect, test } from 'vitest'

import { PacketLog } from './packet-log'

test('a log tells of the lines that are there, in order of arrival, and of no others', () => {
  const log = new PacketLog()
  log.append(0, 3, 1024)
  log.append(1, 1, 100)
  expect(log.line(1)).toEqual({ packetNumber: 1, chunkIndex: 1, size: 100, total: 1124 })
  expect([0, 1, 2, 5000].map((index) => log.chunkAt(index))).toEqual([3, 1, -1, -1])
  expect([-1, 2].map((index) => log.line(index))).toEqual([null, null])
})
