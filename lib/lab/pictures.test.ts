import { expect, test } from 'vitest'

import { DEFAULT_EXPERIMENT } from './defaults'
import { missingPictures, pictureLabel } from './pictures'

test('a picture has a name that an experiment takes, and that no other one has', () => {
  expect(pictureLabel('sea.jpg', [])).toBe('sea.jpg')
  expect(pictureLabel('sea.jpg', ['sea.jpg', 'sea (2).jpg'])).toBe('sea (3).jpg')
  const long = pictureLabel(`${'s'.repeat(80)}.jpg`, [])
  expect(long).toBe(`${'s'.repeat(56)}.jpg`)
  expect(pictureLabel(`${'s'.repeat(80)}.jpg`, [long])).toHaveLength(60)
  expect(pictureLabel('no ending', ['no ending'])).toBe('no ending (2)')
})

test('a picture of the same name with other bytes is not the one that an experiment means', () => {
  const [named] = DEFAULT_EXPERIMENT.pictures
  const file = { ...named!, width: 4, height: 3, file: new File([], 'landscape.jpg') }
  expect(missingPictures(DEFAULT_EXPERIMENT, [file])).toEqual([])
  expect(missingPictures(DEFAULT_EXPERIMENT, [{ ...file, bytes: 1 }])).toEqual([named])
})
