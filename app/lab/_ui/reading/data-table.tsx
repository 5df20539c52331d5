'use client'

import { useContext } from 'react'

import type { ChartTable } from '@/lib/lab/charts/chart'

import { Owner } from './owner'

/** Numbers in rows and columns; where they are wider than the page, they scroll by themselves. */
export function DataTable({
  table,
  whole = false,
}: {
  table: ChartTable
  /** However high it is. */
  whole?: boolean
}) {
  const [corner = '', ...columns] = table.columns
  const owner = useContext(Owner)
  return (
    <div
      role="region"
      aria-label={owner === null ? table.caption : `${owner}. ${table.caption}`}
      tabIndex={0}
      className={`overflow-auto rounded-2xl border border-line ${whole ? '' : 'max-h-[32rem]'}`}
    >
      <table className="w-full border-collapse text-base figures">
        <caption className="sr-only">{table.caption}</caption>
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky top-0 left-0 z-20 border-b border-line bg-sunken px-3 py-2 text-left font-semibold"
            >
              {corner}
            </th>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className="sticky top-0 z-10 min-w-28 border-b border-line bg-sunken px-3 py-2 text-right font-semibold"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(({ head, note, cells }, row) => (
            <tr key={`${row} ${head}`} className="border-b border-line last:border-b-0">
              <th
                scope="row"
                className="sticky left-0 max-w-72 min-w-32 bg-surface px-3 py-2 text-left font-medium sm:min-w-56"
              >
                {head}
                {note !== undefined && (
                  <span className="block text-sm font-normal text-muted max-sm:hidden">{note}</span>
                )}
              </th>
              {cells.map((cell, i) => (
                <td key={columns[i]} className="px-3 py-2 text-right">
                  <Cell text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The number, and below it what is in brackets: its interval, or its share. */
function Cell({ text }: { text: string }) {
  const at = text.indexOf(' (')
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}{' '}
      <span className="block text-sm whitespace-nowrap text-muted">{text.slice(at + 1)}</span>
    </>
  )
}

/** The numbers behind a chart. */
export function TableBehind({ table }: { table: ChartTable }) {
  return (
    <details className="mt-2">
      <summary className="inline-flex min-h-11 items-center rounded-xl px-1 text-base text-muted hover:text-ink">
        Table
      </summary>
      <div className="mt-1">
        <DataTable table={table} />
      </div>
    </details>
  )
}
