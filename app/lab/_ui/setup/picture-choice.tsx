'use client'

import { Image, ImagePlus } from 'lucide-react'
import { useRef } from 'react'

import { ACCEPT } from '@/lib/image/intake'
import { BUILT_IN_PICTURE } from '@/lib/lab/defaults'
import { fileOf } from '@/lib/lab/pictures'
import { ERROR_CATALOGUE } from '@/lib/protocol/errors'

import { Button, buttonClass } from '../../../_ui/button'
import { PictureRow } from './picture-row'
import { ProblemText } from './problem'
import { isBuiltIn, usePictureIntake } from './use-picture-intake'
import type { PictureLists } from './use-picture-intake'

/** Which pictures are sent: files of one's own, or the one that is built in. */
export function PictureChoice({ problem, ...lists }: PictureLists & { problem: string | undefined }) {
  const input = useRef<HTMLInputElement>(null)
  const { named, onNamed, pictures, onPictures } = lists
  const { isBusy, failures, takeFiles, takeBuiltIn } = usePictureIntake(lists)
  const builtInFailed = failures.some(({ name }) => name === BUILT_IN_PICTURE.name)
  return (
    <section aria-labelledby="setup-pictures" className="card p-5 sm:p-6">
      <h2 id="setup-pictures" className="text-xl font-semibold tracking-tight">
        Pictures
      </h2>
      <ProblemText id="setup-pictures-problem" text={problem} />
      {named.length > 0 && (
        <ul className="mt-3 space-y-3">
          {named.map((each) => (
            <PictureRow
              key={each.name}
              named={each}
              picture={fileOf(pictures, each)}
              loading={isBuiltIn(each) && !builtInFailed}
              onRemove={() => {
                onNamed(named.filter(({ name }) => name !== each.name))
                onPictures(pictures.filter(({ name }) => name !== each.name))
                // The button that was pressed goes with it.
                input.current?.focus()
              }}
            />
          ))}
        </ul>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <label
          className={buttonClass(
            'secondary',
            'relative has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent has-disabled:cursor-not-allowed has-disabled:text-muted',
          )}
        >
          <ImagePlus aria-hidden="true" />
          {isBusy ? 'Reading…' : 'Choose files'}
          <input
            ref={input}
            type="file"
            multiple
            accept={ACCEPT}
            disabled={isBusy}
            aria-label="Choose pictures"
            data-testid="lab-pictures"
            className="absolute inset-0 size-full opacity-0"
            onChange={(event) => {
              const files = Array.from(event.target.files ?? [])
              event.target.value = ''
              void takeFiles(files)
            }}
          />
        </label>
        {(builtInFailed || !named.some(isBuiltIn)) && (
          <Button onClick={takeBuiltIn}>
            <Image aria-hidden="true" />
            {builtInFailed ? 'Load the built-in one again' : 'The built-in one'}
          </Button>
        )}
      </div>
      <p className="mt-2 text-sm text-muted">
        JPEG, PNG or WebP, sent as they are: from this page back to it, through the emulated network of its
        server.
      </p>
      <ul aria-live="polite">
        {failures.map(({ name, code }) => (
          <li key={name} className="mt-2 text-sm [overflow-wrap:anywhere]">
            <span className="font-medium text-danger">
              {name}: {ERROR_CATALOGUE[code].message}
            </span>{' '}
            {ERROR_CATALOGUE[code].nextStep}
          </li>
        ))}
      </ul>
    </section>
  )
}
