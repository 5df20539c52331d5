import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'

import { BAD, generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { photos } from '@/e2e/photos/photos'
import { Receiver, Sender, sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { INCOMING_ACTIVE_MAX, PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import { ERROR_CATALOGUE } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'

const folder = await generatePhotos()
const { damaged, folder: photoFolder } = await photos()
const heic = readdirSync(photoFolder).filter((name) => /\.heic$/i.test(name))

/** Files that cannot be sent: the page says why and what to do, and takes the next one. */
const UNUSABLE: readonly { title: string; path: (scratch: string) => string; error: ErrorCode }[] = [
  { title: 'a text renamed to .jpg', path: () => join(folder, BAD.text), error: 'SHOAL_NOT_AN_IMAGE' },
  { title: 'a file of 0 bytes', path: () => join(folder, BAD.empty), error: 'SHOAL_FILE_EMPTY' },
  ...heic.map((name) => ({
    title: `a HEIC picture (${name})`,
    path: () => join(photoFolder, name),
    error: 'SHOAL_HEIC_UNSUPPORTED' as const,
  })),
  { title: 'a HEIC picture called .jpg', path: heicCalledJpg, error: 'SHOAL_HEIC_UNSUPPORTED' },
  { title: 'a file over the cap of 256 MiB', path: overTheCap, error: 'SHOAL_IMAGE_TOO_LARGE' },
]

test.describe('files', () => {
  for (const { title, path, error } of UNUSABLE) {
    test(`${title} is refused with ${error}, and the next file is taken`, async ({
      openReceiver,
      openSender,
    }, testInfo) => {
      const receiver = await openReceiver()
      const sender = await openSender(await receiver.code())
      await sender.pickImage.setInputFiles(path(testInfo.outputPath('')))
      await sender.expectState('failed', error)
      await expect(sender.status).toContainText(ERROR_CATALOGUE[error].message)
      await expect(sender.page.getByText(ERROR_CATALOGUE[error].nextStep)).toBeVisible()
      await expect(sender.send).toBeDisabled()
      await sender.sendPicture(join(folder, WHOLE.small))
      expect((await receiver.report()).exact).toBe(true)
    })
  }

  for (const path of damaged) {
    test(`a damaged JPEG (${basename(path)}) is named before it is sent, and goes exactly as it is`, async ({
      openReceiver,
      openSender,
    }) => {
      const receiver = await openReceiver()
      const sender = await openSender(await receiver.code(), { compress: undefined })
      await sender.pickImage.setInputFiles(path)
      await sender.expectState('ready', 'SHOAL_IMAGE_DAMAGED')
      await expect(sender.page.getByText(ERROR_CATALOGUE.SHOAL_IMAGE_DAMAGED.message)).toBeVisible()
      await sender.send.click()
      const report = await receiver.report()
      expect(report).toMatchObject({ exact: true, sha256: sha256(readFileSync(path)) })
    })
  }

  test('text pasted in place of a picture is answered with SHOAL_NO_FILE', async ({ openDevice }) => {
    const sender = new Sender(await openDevice())
    await sender.open({})
    await sender.expectState('idle')
    // What is pasted before the page's scripts run is heard by nobody: a person would paste again.
    await expect(async () => {
      await sender.page.evaluate(() => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', 'hello')
        dispatchEvent(new ClipboardEvent('paste', { clipboardData }))
      })
      await expect(sender.page.getByTestId('status')).toHaveAttribute('data-state', 'failed', {
        timeout: 1000,
      })
    }).toPass()
    await sender.expectState('failed', 'SHOAL_NO_FILE')
  })
})

test.describe('rooms', () => {
  for (const { title, room, error } of [
    { title: 'a code that nobody has', room: '00000-00000', error: 'SHOAL_ROOM_NOT_FOUND' },
    { title: 'what is no code at all', room: 'hello', error: 'SHOAL_BAD_CODE' },
  ] as const) {
    test(`${title} is answered with ${error} and the form to try again`, async ({
      openDevice,
      openReceiver,
    }) => {
      const receiver = await openReceiver()
      const sender = new Sender(await openDevice())
      await sender.open({ room, name: 'BEN' })
      await sender.expectState('failed', error)
      await expect(sender.page.getByText(ERROR_CATALOGUE[error].nextStep)).toBeVisible()
      await sender.page.getByLabel('Room code').fill(await receiver.code())
      await sender.page.getByRole('button', { name: 'Join' }).click()
      await sender.expectPeers(1)
    })
  }

  test('a picture picked and sent before anyone is connected goes as soon as a receiver is there', async ({
    openDevice,
    openReceiver,
  }) => {
    const sender = new Sender(await openDevice())
    await sender.open({ compress: 'off' })
    await sender.sendPicture(join(folder, WHOLE.small))
    await expect(sender.status).toHaveText('Will be sent as soon as a receiver is connected.')
    const receiver = await openReceiver()
    await sender.page.getByLabel('Room code').fill(await receiver.code())
    await sender.page.getByRole('button', { name: 'Join' }).click()
    expect((await receiver.report()).exact).toBe(true)
    await sender.expectState('done', null)
  })

  test('a second tab with the same name is told apart, and both can send', async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver()
    const code = await receiver.code()
    const first = await openSender(code)
    const page = await first.device.context.newPage()
    const second = new Sender({ ...first.device, page })
    await second.open({ room: code, name: 'BEN', compress: 'off' })
    await second.expectPeers(1)
    await receiver.expectPeers(2)
    await first.expectPeers(1)
    await first.sendPicture(join(folder, WHOLE.small))
    await receiver.report(1)
    expect((await receiver.save()).name).toBe('received_image_BEN.jpg')
    await second.sendPicture(join(folder, WHOLE.medium))
    await receiver.report(2)
    expect((await receiver.save()).name).toBe('received_image_BEN (2).jpg')
  })

  test('a browser without WebRTC is told so with SHOAL_NO_WEBRTC', async ({ openDevice }) => {
    const receiver = new Receiver(await openDevice())
    await receiver.page.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'))
    await receiver.page.goto('/receive?name=ANNA')
    await receiver.expectState('failed', 'SHOAL_NO_WEBRTC')
  })

  test('markup in a name is shown as text', async ({ openReceiver, openSender }) => {
    const receiver = await openReceiver()
    await openSender(await receiver.code(), { name: '<img src=x onerror=alert(1)>' })
    await receiver.expectPeers(1)
    await expect(receiver.status).toHaveText('Listening. Connected to ‹img src=x onerror=alert(1)›.')
  })
})

test.describe('pictures', () => {
  test('more pictures at once than the receiver takes: the others are refused with SHOAL_REFUSED_BUSY', async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code(), {}, { seam: { stallAfter: 5 } })
    for (let count = 1; count <= INCOMING_ACTIVE_MAX + 1; count++) {
      await sender.sendPicture(join(folder, WHOLE.small))
      await expect(sender.reports).toHaveCount(count)
    }
    await sender.device.seam.release()
    await receiver.report(INCOMING_ACTIVE_MAX)
    await sender.report(INCOMING_ACTIVE_MAX)
    await sender.expectState('failed', 'SHOAL_REFUSED_BUSY')
    await sender.send.click()
    expect((await receiver.report(INCOMING_ACTIVE_MAX + 1)).exact).toBe(true)
  })

  test('a repair that the sender can no longer serve is answered with SHOAL_REPAIR_UNAVAILABLE', async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver({}, { seam: { seed: 5, dropData: 0.2 } })
    const sender = await openSender(await receiver.code(), { mode: 'classic' })
    await sender.sendPicture(join(folder, WHOLE.medium))
    await receiver.expectState('incomplete', 'SHOAL_INCOMPLETE')
    await sender.report()
    await sender.page.getByRole('button', { name: `Remove ${WHOLE.medium}` }).click()
    await receiver.repair.click()
    await receiver.expectState('incomplete', 'SHOAL_REPAIR_UNAVAILABLE')
    expect((await receiver.report()).exact).toBe(false)
  })
})

function heicCalledJpg(scratch: string): string {
  const path = join(scratch, 'photo.jpg')
  copyFileSync(join(folder, BAD.heic), path)
  return path
}

/** Starts like a PNG, and takes no room on the disk. */
function overTheCap(scratch: string): string {
  const path = join(scratch, 'over-the-cap.png')
  const file = openSync(path, 'w')
  writeSync(file, readFileSync(join(folder, WHOLE.alpha)))
  ftruncateSync(file, PICTURE_MAX_DEFAULT_BYTES + 1)
  closeSync(file)
  return path
}
