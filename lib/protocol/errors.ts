/** What a person reads when something goes wrong: what happened, and what to do next. */
export interface ErrorText {
  readonly message: string
  readonly nextStep: string
}

/**
 * The one catalogue of stable error codes. A code never changes its meaning; the page shows the text
 * that stands here and puts the code into `data-error`. docs/errors.md is checked against this list.
 */
export const ERROR_CATALOGUE = {
  // Rooms and signalling
  SHOAL_BAD_MESSAGE: {
    message: 'The server could not read what this page sent.',
    nextStep: 'Reload the page. If it happens again, both sides need the same version of Shoal.',
  },
  SHOAL_MESSAGE_TOO_LARGE: {
    message: 'A message to the server was too large.',
    nextStep: 'Reload the page and join again.',
  },
  SHOAL_RATE_LIMITED: {
    message: 'Too many messages in a short time.',
    nextStep: 'Wait a few seconds; the page tries again by itself.',
  },
  SHOAL_TOO_MANY_JOINS: {
    message: 'Too many attempts to join from this network.',
    nextStep: 'Wait a minute, check the code, and try again.',
  },
  SHOAL_BAD_CODE: {
    message: 'That is not a room code.',
    nextStep: 'A code has ten letters and digits, such as K7QM3-XTR9B. Check it and try again.',
  },
  SHOAL_BAD_NAME: {
    message: 'That name cannot be used.',
    nextStep: 'Use 1 to 40 letters, digits, spaces or signs.',
  },
  SHOAL_ROOM_NOT_FOUND: {
    message: 'There is no open room with this code.',
    nextStep: 'Check the code on the receiver’s screen. If its page was closed, open it again.',
  },
  SHOAL_ROOM_FULL: {
    message: 'This room is full.',
    nextStep: 'Ask someone to leave, or open another room.',
  },
  SHOAL_ROOM_EXPIRED: {
    message: 'This room has expired.',
    nextStep: 'Open a new room on the receiver’s page and use its code.',
  },
  SHOAL_SERVER_FULL: {
    message: 'The server has no place for another room.',
    nextStep: 'Try again in a few minutes.',
  },
  SHOAL_NOT_IN_ROOM: {
    message: 'This page is not in a room.',
    nextStep: 'Join again with the code or the link.',
  },
  SHOAL_BAD_TOKEN: {
    message: 'This page’s place in the room is no longer valid.',
    nextStep: 'Join again with the code or the link.',
  },
  SHOAL_REPLACED: {
    message: 'This place in the room was taken over by another tab.',
    nextStep: 'Go on in the other tab, or join again here.',
  },
  SHOAL_REMOVED: {
    message: 'The owner of the room took you out of it.',
    nextStep: 'Ask whoever opened the room.',
  },
  SHOAL_NOT_OWNER: {
    message: 'Only who opened the room can take members out of it.',
    nextStep: 'Ask whoever opened the room.',
  },
  SHOAL_ORIGIN_REFUSED: {
    message: 'The server does not serve pages from this address.',
    nextStep: 'Open Shoal at the address that the server prints, or add this one to ALLOWED_ORIGINS.',
  },
  SHOAL_SERVER_UNREACHABLE: {
    message: 'The signalling server cannot be reached.',
    nextStep:
      'Check that “npm start” is running and that both devices are on the same network. The page keeps trying.',
  },
  // Connections
  SHOAL_NO_WEBRTC: {
    message: 'This browser has no WebRTC data channels.',
    nextStep: 'Use a current Chrome, Edge, Firefox or Safari.',
  },
  SHOAL_CONNECT_FAILED: {
    message: 'No direct path to the other side could be opened.',
    nextStep: 'Put both devices on the same Wi-Fi, switch off a VPN or “client isolation”, and try again.',
  },
  SHOAL_RELAY_OFF: {
    message: 'This server does not relay, so there is no path to the other side.',
    nextStep: 'Open the page without `relay=only`, or start the server without `RELAY=off`.',
  },
  SHOAL_RELAY_USED_UP: {
    message: 'This room has used up what the server may relay.',
    nextStep:
      'Put both devices on the same Wi-Fi, so that they reach each other directly, or open a new room.',
  },
  SHOAL_LAB_OFF: {
    message: 'This server does not emulate networks.',
    nextStep: 'Start it with “npm run lab”, on the computer that makes the measurements.',
  },
  SHOAL_LAB_FULL: {
    message: 'The lab has no place for another emulated path.',
    nextStep: 'Close other pages of the lab, or wait until their runs have ended.',
  },
  SHOAL_LAB_NO_NETWORK: {
    message: 'The lab’s computer has no address in a private network, so no other device can be measured.',
    nextStep: 'Put both devices on the same Wi-Fi, or measure on this computer alone.',
  },
  SHOAL_LAB_BAD_FILE: {
    message: 'This file has no results of the lab.',
    nextStep: 'Choose a results.json that the lab has saved.',
  },
  SHOAL_LAB_NO_PATH: {
    message: 'There is no such emulated path any more.',
    nextStep: 'Start the run again: a path ends with the page that asked for it, and after an hour.',
  },
  SHOAL_LAB_NOT_CONNECTED: {
    message: 'No connection came up over this emulated network within a minute.',
    nextStep: 'Choose a network that loses less, or run again: what was made is kept.',
  },
  SHOAL_LAB_NO_DEVICE: {
    message: 'The second device is not there.',
    nextStep:
      'Open the link on it, keep its page in front, and run again: what was made is kept, and the rest follows.',
  },
  SHOAL_PEER_GONE: {
    message: 'The other side left.',
    nextStep: 'Ask them to open the page again; what has arrived is kept here.',
  },
  SHOAL_PEER_SILENT: {
    message: 'The other side stopped answering.',
    nextStep: 'Check its network and that its page is still open, then send again.',
  },
  SHOAL_SIGNAL_TAMPERED: {
    message: 'Something between you and the other side changed or repeated messages.',
    nextStep:
      'Nothing was opened. Reload both pages and open the newest link or QR; if it stays so, do not trust this server or network.',
  },
  SHOAL_PEER_UNVERIFIED: {
    message: 'The other side did not prove that it has this room’s link.',
    nextStep:
      'Open the link on both sides again. To go on without its protection, type the room code on the sending page instead.',
  },
  SHOAL_BAD_LINK: {
    message: 'This link is not whole: its secret is missing letters.',
    nextStep: 'Scan the QR or copy the link again, or press Join to go on with the code alone, not verified.',
  },
  // Pictures, on the sender's page
  SHOAL_NO_FILE: {
    message: 'There was no file in that.',
    nextStep: 'Pick, drop or paste a JPEG, PNG or WebP picture.',
  },
  SHOAL_FILE_EMPTY: {
    message: 'This file is empty (0 bytes).',
    nextStep: 'Pick another file; this one may not have been saved or downloaded completely.',
  },
  SHOAL_FILE_UNREADABLE: {
    message: 'This file could not be read.',
    nextStep: 'Check that it still exists and that the browser may read it, then pick it again.',
  },
  SHOAL_NOT_AN_IMAGE: {
    message: 'This is not a JPEG, PNG or WebP picture.',
    nextStep: 'Pick a picture with one of these types.',
  },
  SHOAL_HEIC_UNSUPPORTED: {
    message: 'HEIC pictures are not supported yet.',
    nextStep:
      'On an iPhone choose Settings › Camera › Formats › Most Compatible, or export the picture as JPEG, and pick it again.',
  },
  SHOAL_IMAGE_DAMAGED: {
    message: 'This picture is damaged: part of its data is missing or broken.',
    nextStep:
      'Pick another copy of it. Unless its beginning is missing, this one can still be sent exactly as it is.',
  },
  SHOAL_IMAGE_TOO_LARGE: {
    message: 'This picture is larger than may be sent.',
    nextStep: 'Make it smaller with “Compress”, or pick another one.',
  },
  SHOAL_COMPRESS_FAILED: {
    message: 'This picture could not be made smaller here.',
    nextStep: 'Send the original instead.',
  },
  // Messages kept on this device
  SHOAL_HISTORY_FULL: {
    message: 'This device has no space left to keep the messages.',
    nextStep: 'They stay on this page. Forget rooms that you no longer need, or export this one.',
  },
  SHOAL_HISTORY_REFUSED: {
    message: 'This browser keeps nothing for this page.',
    nextStep:
      'The messages stay until the page is closed. Leave the private window, or allow this site to store data.',
  },
  SHOAL_BAD_TEXT: {
    message: 'There is nothing in this message that could be sent, or too much.',
    nextStep: 'A message has 1 to 4 000 characters. Shorten it, or send it in parts.',
  },
  SHOAL_NOT_YOURS: {
    message: 'Only who wrote a message can delete it for all.',
    nextStep: 'You can hide it on this device: Delete for me.',
  },

  // Transfers
  SHOAL_REFUSED_TOO_LARGE: {
    message: 'The receiver does not take pictures this large.',
    nextStep: 'Compress the picture and send it again.',
  },
  SHOAL_REFUSED_BUSY: {
    message: 'The receiver has too many pictures under way.',
    nextStep: 'Wait until one has arrived and send again.',
  },
  SHOAL_REFUSED_MANIFEST: {
    message: 'The receiver refused the picture: its announcement contradicts itself.',
    nextStep: 'Reload both pages, so that they run the same version, and send again.',
  },
  SHOAL_CANCELLED_BY_SENDER: {
    message: 'The sender cancelled.',
    nextStep: 'Ask them to send it again if that was a mistake.',
  },
  SHOAL_CANCELLED_BY_RECEIVER: {
    message: 'The receiver cancelled.',
    nextStep: 'Ask them, and send it again.',
  },
  SHOAL_INCOMPLETE: {
    message: 'Some packets were lost, so the picture has holes.',
    nextStep: 'The receiver’s “Repair” fetches what is missing, as long as the sender’s page is open.',
  },
  SHOAL_REPAIR_UNAVAILABLE: {
    message: 'The sender no longer has this picture open, so it cannot be repaired.',
    nextStep: 'Ask them to send it again.',
  },
  SHOAL_DIGEST_MISMATCH: {
    message: 'The picture that arrived is not the one that was announced.',
    nextStep: 'Do not use it; ask for it again.',
  },
  SHOAL_TYPE_MISMATCH: {
    message: 'The file that arrived is not the kind of picture that was announced.',
    nextStep: 'It is not shown. Save it only if you trust the sender.',
  },
  SHOAL_STORAGE_FULL: {
    message: 'This device has no memory left for the picture.',
    nextStep: 'Close other tabs or save and remove pictures, then ask for it again.',
  },
  SHOAL_INTERNAL: {
    message: 'Something went wrong inside this page.',
    nextStep: 'Reload the page and try again; please report it with this code.',
  },
} as const satisfies Record<string, ErrorText>

export type ErrorCode = keyof typeof ERROR_CATALOGUE

/** An error of our own making, thrown only on our own side of the wire; what a peer sends never throws. */
export class ShoalError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, options?: { cause?: unknown }) {
    super(ERROR_CATALOGUE[code].message, options)
    this.name = 'ShoalError'
    this.code = code
  }
}

/** Whether a string from outside is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_CATALOGUE, value)
}
