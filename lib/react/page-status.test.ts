import { describe, expect, it } from 'vitest'

import { peerView, roomState, transferView } from './fixtures'
import type { OutboxFacts } from './page-status'
import { copyText, memberStatus, receiverStatus, senderStatus, signalProblem } from './page-status'

const NOTHING_PICKED: OutboxFacts = {
  batchKeys: [],
  fileError: null,
  fileWarning: null,
  gone: false,
  armedFor: null,
}
const anna = peerView({ name: 'ANNA', role: 'receiver' })
const sent = transferView({ key: 'k', direction: 'send', peerName: 'ANNA', state: 'sending' })

describe('a receiver that cannot be reached', () => {
  const lost = peerView({ name: 'ANNA', role: 'receiver', link: 'lost' })

  it('is said on /send, with the code that has the next step', () => {
    expect(senderStatus(roomState({ role: 'sender', peers: [lost] }), NOTHING_PICKED)).toEqual({
      state: 'connecting',
      errorCode: 'SHOAL_CONNECT_FAILED',
      text: 'No direct path to the other side could be opened.',
    })
  })

  it('is said on /receive, which goes on listening', () => {
    expect(receiverStatus(roomState({ peers: [lost] }), null)).toMatchObject({
      state: 'ready',
      errorCode: 'SHOAL_CONNECT_FAILED',
    })
  })

  it('is no failed path while it is only away', () => {
    const away = { ...lost, away: true }
    expect(senderStatus(roomState({ role: 'sender', peers: [away] }), NOTHING_PICKED).errorCode).toBeNull()
  })
})

describe('a peer whose signals were changed on the way', () => {
  const tampered = peerView({ link: 'connecting', verified: null, problem: 'SHOAL_SIGNAL_TAMPERED' })
  const text = 'Something between you and the other side changed or repeated messages.'

  it('is said on both pages, with the code that has the next step', () => {
    expect(senderStatus(roomState({ role: 'sender', peers: [tampered] }), NOTHING_PICKED)).toEqual({
      state: 'connecting',
      errorCode: 'SHOAL_SIGNAL_TAMPERED',
      text,
    })
    expect(receiverStatus(roomState({ peers: [tampered] }), null)).toEqual({
      state: 'ready',
      errorCode: 'SHOAL_SIGNAL_TAMPERED',
      text,
    })
  })

  it('does not hide that another one is connected', () => {
    const peers = [tampered, peerView({ id: 'p2', name: 'CARA' })]
    const connected = { state: 'ready', errorCode: null }
    expect(receiverStatus(roomState({ peers }), null)).toMatchObject(connected)
    expect(senderStatus(roomState({ role: 'sender', peers }), NOTHING_PICKED)).toMatchObject(connected)
    expect(signalProblem(roomState({ peers }))).toBe('SHOAL_SIGNAL_TAMPERED')
  })
})

describe('the status of /receive', () => {
  it.each([
    ['idle', 'idle'],
    ['left', 'idle'],
    ['connecting', 'connecting'],
    ['joined', 'ready'],
    ['reconnecting', 'ready'],
  ] as const)('in phase %s is %s', (phase, state) => {
    expect(receiverStatus(roomState({ phase }), null).state).toBe(state)
  })

  it('says why the room could not be entered', () => {
    const status = receiverStatus(roomState({ phase: 'failed', errorCode: 'SHOAL_ROOM_FULL' }), null)
    expect(status).toEqual({ state: 'failed', errorCode: 'SHOAL_ROOM_FULL', text: 'This room is full.' })
  })

  it('is ready as soon as it listens, and names who is connected', () => {
    expect(receiverStatus(roomState(), null).text).toBe('Listening. Waiting for a sender.')
    expect(
      receiverStatus(roomState({ peers: [peerView(), peerView({ id: 'p2', name: 'CARA' })] }), null).text,
    ).toBe('Listening. Connected to BEN and CARA.')
  })

  it('lets a running transfer win over one that finished', () => {
    const done = transferView({ key: 'd', state: 'done' })
    expect(receiverStatus(roomState({ transfers: [transferView(), done] }), 'd').state).toBe('receiving')
  })

  it('keeps the state of the transfer that finished last', () => {
    const done = transferView({ key: 'd', state: 'done' })
    const status = receiverStatus(
      roomState({ transfers: [transferView({ key: 'x', state: 'failed' }), done] }),
      'd',
    )
    expect(status).toEqual({ state: 'done', errorCode: null, text: 'Image received successfully!' })
  })

  it('gives the reason when packets are missing', () => {
    const status = receiverStatus(
      roomState({ transfers: [transferView({ state: 'incomplete' })] }),
      'p1:0123456789abcdef',
    )
    expect(status).toMatchObject({ state: 'incomplete', errorCode: 'SHOAL_INCOMPLETE' })
    expect(status.text).toBe('Error receiving image: Some packets were lost, so the picture has holes.')
  })

  it.each([
    ['SHOAL_CANCELLED_BY_RECEIVER', 'You cancelled.'],
    ['SHOAL_CANCELLED_BY_SENDER', 'The sender cancelled.'],
  ] as const)('says who cancelled: %s', (errorCode, text) => {
    const cancelled = transferView({ key: 'c', state: 'cancelled', errorCode })
    expect(receiverStatus(roomState({ transfers: [cancelled] }), 'c')).toEqual({
      state: 'cancelled',
      errorCode,
      text,
    })
  })

  it('counts a picture that was announced as being received', () => {
    expect(receiverStatus(roomState({ transfers: [transferView({ state: 'waiting' })] }), null).state).toBe(
      'receiving',
    )
  })
})

describe('the status of /send', () => {
  it('is connecting until one receiver can be sent to', () => {
    expect(senderStatus(roomState(), NOTHING_PICKED).state).toBe('connecting')
    expect(
      senderStatus(roomState({ peers: [{ ...anna, link: 'connecting' }] }), NOTHING_PICKED),
    ).toMatchObject({
      state: 'connecting',
      text: 'Connecting to ANNA…',
    })
    expect(senderStatus(roomState({ peers: [anna] }), NOTHING_PICKED)).toMatchObject({
      state: 'ready',
      text: 'Connected to ANNA.',
    })
  })

  it('says that the receiver left, and waits for the next one', () => {
    expect(senderStatus(roomState(), { ...NOTHING_PICKED, gone: true })).toEqual({
      state: 'connecting',
      errorCode: 'SHOAL_PEER_GONE',
      text: 'The other side left.',
    })
    expect(senderStatus(roomState({ phase: 'left' }), { ...NOTHING_PICKED, gone: true }).errorCode).toBeNull()
  })

  it('is failed while the picked file cannot be sent', () => {
    const status = senderStatus(roomState({ peers: [anna] }), {
      ...NOTHING_PICKED,
      fileError: 'SHOAL_FILE_EMPTY',
    })
    expect(status).toMatchObject({ state: 'failed', errorCode: 'SHOAL_FILE_EMPTY' })
  })

  it('stays ready with a warning while a damaged picture may still be sent', () => {
    const status = senderStatus(roomState({ peers: [anna] }), {
      ...NOTHING_PICKED,
      fileWarning: 'SHOAL_IMAGE_DAMAGED',
    })
    expect(status).toMatchObject({ state: 'ready', errorCode: 'SHOAL_IMAGE_DAMAGED' })
  })

  it('says what a press on Send waits for', () => {
    const waiting = senderStatus(roomState(), { ...NOTHING_PICKED, armedFor: 'receiver' })
    expect(waiting).toMatchObject({
      state: 'connecting',
      text: 'Will be sent as soon as a receiver is connected.',
    })
    const preparing = senderStatus(roomState({ peers: [anna] }), { ...NOTHING_PICKED, armedFor: 'picture' })
    expect(preparing).toMatchObject({ state: 'ready', text: 'Will be sent as soon as the picture is ready.' })
  })

  it('lets a running transfer win over a file that cannot be sent', () => {
    const status = senderStatus(roomState({ transfers: [sent] }), {
      ...NOTHING_PICKED,
      fileError: 'SHOAL_FILE_EMPTY',
    })
    expect(status).toMatchObject({ state: 'sending', errorCode: null, text: 'Sending to ANNA…' })
  })

  it('says whom a picture waits for, and stays what it was', () => {
    const away = transferView({ ...sent, interrupted: true })
    const text = 'Waiting for ANNA to come back…'
    expect(senderStatus(roomState({ transfers: [away] }), NOTHING_PICKED)).toMatchObject({
      state: 'sending',
      text,
    })
    const repairing = transferView({ ...sent, state: 'repairing', interrupted: true })
    expect(senderStatus(roomState({ transfers: [repairing] }), NOTHING_PICKED)).toMatchObject({
      state: 'repairing',
      text,
    })
  })

  it('shows the worst end when several receivers were sent to', () => {
    const done = transferView({ ...sent, key: 'a', state: 'done' })
    const gone = transferView({ ...sent, key: 'b', state: 'failed', errorCode: 'SHOAL_PEER_GONE' })
    const status = senderStatus(roomState({ transfers: [done, gone] }), {
      ...NOTHING_PICKED,
      batchKeys: ['a', 'b'],
    })
    expect(status).toMatchObject({ state: 'failed', text: 'Error sending image: The other side left.' })
  })

  it('forgets the last picture’s end once another one is picked', () => {
    const room = roomState({ peers: [anna], transfers: [{ ...sent, state: 'done' }] })
    expect(senderStatus(room, { ...NOTHING_PICKED, batchKeys: ['k'] }).text).toBe('Image sent successfully!')
    expect(senderStatus(room, NOTHING_PICKED).state).toBe('ready')
  })
})

describe('a member', () => {
  it('is ready in an empty room, and says that nobody is here', () => {
    expect(memberStatus(roomState({ role: 'member' }), null)).toEqual({
      state: 'ready',
      errorCode: null,
      text: 'Nobody else is here yet.',
    })
  })

  it('says what moves before anything else', () => {
    const room = roomState({ role: 'member', phase: 'reconnecting', transfers: [sent] })
    expect(memberStatus(room, null)).toMatchObject({ state: 'sending', text: 'Sending to ANNA…' })
  })

  it('stays ready while the server is away', () => {
    const done = transferView({ key: 'd', state: 'done' })
    const room = roomState({ role: 'member', phase: 'reconnecting', transfers: [done] })
    expect(memberStatus(room, 'd')).toMatchObject({
      state: 'ready',
      text: 'Reconnecting. Messages wait here.',
    })
    expect(memberStatus({ ...room, phase: 'joined' }, 'd').state).toBe('done')
  })

  it('has failed when it is out of the room', () => {
    const room = roomState({ role: 'member', phase: 'failed', errorCode: 'SHOAL_ROOM_FULL' })
    expect(memberStatus(room, null)).toMatchObject({ state: 'failed', errorCode: 'SHOAL_ROOM_FULL' })
  })
})

describe('a heavy picture', () => {
  const done = (picture: { url: string | null; isCopy: boolean }) =>
    copyText(
      transferView({
        ...{ key: 'k', direction: 'receive', peerName: 'BEN', state: 'done' },
        picture: { ...picture, fileUrl: 'blob:1', fileName: 'a.jpg', sha256: '', complete: true },
      }),
    )

  it('is said to be shown by a copy, or about to be; a light one is not', () => {
    expect(done({ url: null, isCopy: false })).toMatch(/being drawn/)
    expect(done({ url: 'blob:2', isCopy: true })).toMatch(/^Shown as a lighter copy/)
    expect(done({ url: 'blob:1', isCopy: false })).toBeNull()
  })
})
