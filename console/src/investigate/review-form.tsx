import { useId, useState } from 'react'
import { useFormat } from '../parts/format.ts'
import { Failure } from '../parts/parts.tsx'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'
import type { Reviewing } from './reviews.ts'
import { VERDICTS, type Verdict } from './shapes.ts'

/** Keys that review the finding under the reader's hand; `0` takes the review back. */
export const verdictOfKey = (key: string): Verdict | 'none' | undefined =>
  key === '0' ? 'none' : VERDICTS[Number(key) - 1]

/** Takes the review of a finding: a verdict and a note, which all who may read the investigation see. */
export const ReviewForm = ({ id, reviewing }: { id: string; reviewing: Reviewing }) => {
  const { words } = useWords()
  const { user } = useUser()
  const { moment } = useFormat()
  const { investigate: say } = words
  const title = useId()
  const current = reviewing.reviews.get(id)
  const [written, setWritten] = useState<string>()
  const note = written ?? current?.note ?? ''
  const isReader = user.role === 'viewer'
  const save = (verdict: Verdict): void => {
    void reviewing.review(id, { verdict, note }).then(() => setWritten(undefined))
  }
  return (
    <section className="review" aria-labelledby={title}>
      <div className="verdicts">
        <h3 id={title}>{say.review}</h3>
        {VERDICTS.map((verdict) => (
          <button
            key={verdict}
            type="button"
            className={`verdict ${verdict}`}
            aria-pressed={current?.verdict === verdict}
            disabled={isReader}
            onClick={() =>
              current?.verdict === verdict && note === current.note
                ? void reviewing.review(id, undefined)
                : save(verdict)
            }
          >
            {say.verdicts[verdict]}
          </button>
        ))}
        {current && <small>{say.reviewer(current.reviewer, moment(current.reviewed_at))}</small>}
      </div>
      {!isReader && (
        <textarea
          rows={1}
          maxLength={2000}
          aria-label={say.note}
          placeholder={say.note}
          value={note}
          onChange={({ target }) => setWritten(target.value)}
        />
      )}
      {isReader && note !== '' && <p>{note}</p>}
      {written !== undefined && written !== (current?.note ?? '') && (
        <button type="button" onClick={() => save(current?.verdict ?? 'to_check')}>
          {say.keepNote(say.verdicts[current?.verdict ?? 'to_check'])}
        </button>
      )}
      {reviewing.error && <Failure error={reviewing.error} />}
    </section>
  )
}
