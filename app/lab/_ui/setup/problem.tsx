/** What is wrong with a field; the field names it by `aria-describedby`. */
export function ProblemText({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null
  return (
    <p id={id} className="mt-1 text-sm font-medium text-danger">
      {text}
    </p>
  )
}

/** What a field needs so that its problem is told with it. */
export function problemProps(id: string, text: string | undefined) {
  return text === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': id }
}
