/** Saves a text as a file, as a link with `download` would. */
export function saveText(fileName: string, text: string, type: string): void {
  saveBlob(fileName, new Blob([text], { type }))
}

/** The same for what is no text. */
export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser has taken hold of it when the click is over; some only a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
