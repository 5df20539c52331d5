import { describe, expect, it } from 'vitest'

import { ACCEPT, bringsFiles, takeFromDrop, takeFromInput, takeFromPaste } from './intake'

const cat = new File(['cat'], 'cat.jpg', { type: 'image/jpeg' })
const dog = new File(['dog'], 'dog.png', { type: 'image/png' })

interface FakeItem {
  kind: 'file' | 'string'
  file?: File
  isFolder?: boolean
}

/** The parts of a DataTransfer that intake reads. */
function transfer(items: FakeItem[], files: File[] = []): Pick<DataTransfer, 'files' | 'items'> {
  const list = items.map(({ kind, file, isFolder }) => ({
    kind,
    getAsFile: () => file ?? null,
    webkitGetAsEntry: () => (kind === 'file' ? { isDirectory: isFolder ?? false } : null),
  }))
  return { items: list, files } as unknown as Pick<DataTransfer, 'files' | 'items'>
}

function input(files: File[] | null): HTMLInputElement {
  return { files, value: 'C:\\fakepath\\cat.jpg' } as unknown as HTMLInputElement
}

describe('taking files', () => {
  it('takes all files of the dialog, in order, and lets the same be picked again', () => {
    const element = input([cat, dog])
    expect(takeFromInput(element)).toEqual({ ok: true, files: [cat, dog] })
    expect(element.value).toBe('')
  })

  it.each([
    ['a dialog that was cancelled', () => takeFromInput(input([]))],
    ['an input without a list', () => takeFromInput(input(null))],
    ['dropped text', () => takeFromDrop(transfer([{ kind: 'string' }]))],
    ['a dropped folder', () => takeFromDrop(transfer([{ kind: 'file', isFolder: true, file: cat }], [cat]))],
    ['a drop without data', () => takeFromDrop(null)],
    ['pasted text', () => takeFromPaste(transfer([{ kind: 'string' }]))],
    ['a paste without data', () => takeFromPaste(null)],
  ])('says SHOAL_NO_FILE to %s', (_what, take) => {
    expect(take()).toEqual({ ok: false, code: 'SHOAL_NO_FILE' })
  })

  it('takes the files of a drop and passes its folders over', () => {
    const dropped = transfer([
      { kind: 'string' },
      { kind: 'file', file: cat },
      { kind: 'file', file: dog, isFolder: true },
      { kind: 'file', file: dog },
    ])
    expect(takeFromDrop(dropped)).toEqual({ ok: true, files: [cat, dog] })
  })

  it('takes the picture of a paste and leaves the HTML that comes with it', () => {
    expect(takeFromPaste(transfer([{ kind: 'string' }, { kind: 'file', file: dog }]))).toEqual({
      ok: true,
      files: [dog],
    })
  })

  it('takes the list of files where there are no items', () => {
    expect(takeFromPaste(transfer([], [cat]))).toEqual({ ok: true, files: [cat] })
  })

  it('knows by the types alone whether a drag brings files', () => {
    expect(bringsFiles({ types: ['text/plain', 'Files'] })).toBe(true)
    expect(bringsFiles({ types: ['text/plain'] })).toBe(false)
    expect(bringsFiles(null)).toBe(false)
  })

  it('offers the three types by ending and by MIME type', () => {
    expect(ACCEPT.split(',')).toEqual(
      expect.arrayContaining(['.jpg', '.jpeg', '.png', '.webp', 'image/jpeg', 'image/png', 'image/webp']),
    )
  })
})
