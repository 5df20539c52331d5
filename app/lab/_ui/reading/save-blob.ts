const FREE_AFTER_MS = 1000

/** Saves something as a file, as a link with `download` would. */
export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser has taken hold of it when the click is over; some only a moment later.
  setTimeout(() => URL.revokeObjectURL(url), FREE_AFTER_MS)
}

/** A title as the name of a file. */
export function fileNameOf(title: string, extension: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
  return `shoal-lab-${plain.slice(0, 80) || 'chart'}.${extension}`
}
