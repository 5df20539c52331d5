import type { ImageType } from '@/lib/protocol/report'

const EXTENSIONS: Record<ImageType, readonly [string, ...string[]]> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
}

/** `received_image_<sender>.<its extension>`; characters that no file system takes become `_`. */
export function receivedFileName(sender: string, pictureName: string, type: ImageType): string {
  const own = pictureName.split('.').at(-1)?.toLowerCase() ?? ''
  const extension = EXTENSIONS[type].includes(own) ? own : EXTENSIONS[type][0]
  // eslint-disable-next-line no-control-regex -- control characters are what is to be removed
  const safe = sender.replace(/[\u0000-\u001f\u007f/\\:*?"<>|]/g, '_').trim()
  return `received_image_${safe || 'unknown'}.${extension}`
}
