import { ArrowRight } from 'lucide-react'

import { Button } from '../_ui/button'
import { FIELD } from '../_ui/field'

/** A plain form: it works before any script has loaded. */
export function JoinByCode() {
  return (
    <form
      action="/send"
      method="get"
      className="mt-4 rounded-3xl bg-sunken p-4 sm:flex sm:items-center sm:gap-4 sm:p-5 sm:pl-8"
    >
      <label htmlFor="code" className="mb-2 block font-medium sm:mb-0 sm:flex-1">
        Got a code from another screen?
      </label>
      <div className="flex gap-2">
        <input
          id="code"
          name="room"
          required
          maxLength={40}
          placeholder="K7QM3-XTR9B"
          autoComplete="off"
          autoCapitalize="characters"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="go"
          className={`${FIELD} min-w-0 font-mono tracking-wider uppercase placeholder:normal-case sm:w-60`}
        />
        <Button type="submit" variant="secondary" className="shrink-0">
          Join
          <ArrowRight aria-hidden="true" />
        </Button>
      </div>
    </form>
  )
}
