import { expect, test } from 'vitest'

import { PERFECT_NETWORK } from '@/lib/sim/network-settings'

import { LabClient, type LabSocketHandlers } from './lab-client'

const NETWORK = { aToB: PERFECT_NETWORK, bToA: PERFECT_NETWORK }
const A = { address: '127.0.0.1', port: 5001 }
const B = { address: '127.0.0.1', port: 5002 }

/** A client whose socket is in the test's hands. */
function start() {
  const said: { type: string; id: string }[] = []
  let handlers: LabSocketHandlers | null = null
  const client = new LabClient((given) => {
    handlers = given
    return {
      send: (text) => said.push(JSON.parse(text) as { type: string; id: string }),
      close: () => undefined,
    }
  })
  const socket = handlers as unknown as LabSocketHandlers
  /** Lets what was asked be sent. */
  const settle = async (): Promise<void> => {
    for (let index = 0; index < 10; index++) await Promise.resolve()
  }
  const answer = (message: unknown): void => socket.onText(JSON.stringify(message))
  return { client, socket, said, settle, answer }
}

test('a path is asked for once the socket is open, and has the ends that it was given', async () => {
  const { client, socket, said, settle, answer } = start()
  const path = client.createPath(NETWORK, 7)
  await settle()
  expect(said).toEqual([])
  socket.onOpen()
  await settle()
  expect(said).toEqual([{ type: 'create', id: 'path-1', network: NETWORK, seed: 7, reach: 'computer' }])
  answer({ type: 'created', id: 'path-1', a: A, b: B })
  expect(await path).toMatchObject({ a: A, b: B })
})

test('what the server refuses, and what it says that is no answer, comes as an error of the catalogue', async () => {
  const { client, socket, settle, answer } = start()
  socket.onOpen()
  const refused = client.createPath(NETWORK, 7)
  await settle()
  socket.onText('{')
  socket.onText(3)
  answer({ type: 'error', id: 'path-1', code: 'SHOAL_LAB_FULL' })
  await expect(refused).rejects.toMatchObject({ code: 'SHOAL_LAB_FULL' })

  const created = client.createPath(NETWORK, 7)
  await settle()
  answer({ type: 'created', id: 'path-2', a: A, b: B })
  const change = (await created).change(NETWORK)
  await settle()
  answer({ type: 'created', id: 'path-2', a: A, b: B })
  await expect(change).rejects.toMatchObject({ code: 'SHOAL_LAB_NO_PATH' })
})

test('a socket that never opened means that the lab is off; one that is lost takes everything with it', async () => {
  const off = start()
  const never = off.client.createPath(NETWORK, 7)
  off.socket.onClose()
  await expect(never).rejects.toMatchObject({ code: 'SHOAL_LAB_OFF' })

  const { client, socket, settle } = start()
  socket.onOpen()
  const waiting = client.createPath(NETWORK, 7)
  await settle()
  socket.onClose()
  await expect(waiting).rejects.toMatchObject({ code: 'SHOAL_SERVER_UNREACHABLE' })
  await expect(client.createPath(NETWORK, 7)).rejects.toMatchObject({ code: 'SHOAL_SERVER_UNREACHABLE' })
})
