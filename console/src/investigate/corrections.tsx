import { type FormEvent, useState } from 'react'
import { useWords } from '../words/words.tsx'

/** The columns, buyer and currency that a person names because the file does not. */
export interface Corrections {
  mapping?: Record<string, string>
  buyer?: string
  currency?: string
  sheet?: string
}

/** Asks for what a file does not tell, and reads it again. */
export const CorrectionForm = ({
  asks,
  onRead,
}: {
  asks: {
    buyer?: boolean
    currency?: boolean
    /** Fields that no column was found for, and the file's columns. */
    missing?: readonly string[]
    headers?: readonly string[]
    sheets?: readonly string[]
  }
  onRead(corrections: Corrections): void
}) => {
  const { words } = useWords()
  const { investigate: say } = words
  const [mapping, setMapping] = useState<Record<string, string>>({})
  const { buyer, currency, missing = [], headers = [], sheets = [] } = asks
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = Object.entries(Object.fromEntries(new FormData(event.currentTarget)) as Corrections).filter(
      ([, text]) => typeof text === 'string' && text.trim() !== '',
    )
    onRead({ ...Object.fromEntries(given), ...(Object.keys(mapping).length > 0 && { mapping }) })
  }
  return (
    <form className="corrections" onSubmit={submit}>
      {buyer && (
        <label>
          {say.wholeBuyer}
          <input name="buyer" maxLength={200} />
        </label>
      )}
      {currency && (
        <label>
          {say.wholeCurrency}
          <input name="currency" pattern="[A-Z]{3}" maxLength={3} placeholder="BRL" size={5} />
        </label>
      )}
      {sheets.length > 0 && (
        <label>
          {say.sheet}
          <select name="sheet">
            {sheets.map((sheet) => (
              <option key={sheet}>{sheet}</option>
            ))}
          </select>
        </label>
      )}
      {headers.length > 0 &&
        missing.map((field) => (
          <label key={field}>
            {say.columnOf(words.column[field] ?? field)}
            <select
              value={mapping[field] ?? ''}
              onChange={({ target }) =>
                setMapping(({ [field]: _, ...rest }) =>
                  target.value === '' ? rest : { ...rest, [field]: target.value },
                )
              }
            >
              <option value="">{words.none}</option>
              {headers.map((header) => (
                <option key={header}>{header}</option>
              ))}
            </select>
          </label>
        ))}
      <button type="submit">{say.readAgain}</button>
    </form>
  )
}
