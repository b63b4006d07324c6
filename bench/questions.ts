import { judgeQuestions, sharesOf, shown } from '../test/rule-answers/questions/judge.ts'

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/**
 * Measures how the suite of questions is read: for each language the shares that are understood, told another way, left
 * out with a word, not read, and answered wrongly, and how many plans' figures differ from those of plain arrays. What
 * is not understood is printed before.
 */
export default async function questions(log: (line: string) => void): Promise<void> {
  const cpu = process.cpuUsage()
  const scores = await judgeQuestions()
  for (const { judged } of scores) for (const one of judged) if (one.verdict !== 'understood') log(shown(one))
  for (const score of scores) {
    const shares = Object.entries(sharesOf(score)).map(([verdict, share]) => `${verdict} ${percent(share)}`)
    const differing = score.judged.filter((one) => one.miscounted !== undefined).length
    log(
      `${score.language}: ${score.judged.length} questions, ${shares.join(', ')}; figures differ in ${differing}`,
    )
  }
  const { user, system } = process.cpuUsage(cpu)
  log(`${((user + system) / 1e6).toFixed(1)} CPU-seconds`)
}
