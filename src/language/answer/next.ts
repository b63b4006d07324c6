import type { Language } from '../language.ts'

interface NextQuestions {
  readonly by_year: string
  readonly by_month: string
  readonly who: string
  readonly first: string
  readonly largest: string
  readonly findings: string
  readonly explain: string
  readonly grave: string
  investigate(dataset: string): string
}

/** Questions that an answer about data suggests; each is understood after that answer. */
export const NEXT_QUESTIONS: Readonly<Record<Language, NextQuestions>> = {
  en: {
    by_year: 'and by year?',
    by_month: 'and by month?',
    who: 'who are the suppliers?',
    first: 'and the first one?',
    largest: 'what are the largest contracts?',
    findings: 'which anomalies were found?',
    explain: 'explain the first one',
    grave: 'which are the critical anomalies?',
    investigate: (dataset) => `investigate the dataset ${dataset}`,
  },
  pt: {
    by_year: 'e por ano?',
    by_month: 'e por mês?',
    who: 'quem são os fornecedores?',
    first: 'e o primeiro?',
    largest: 'quais são os maiores contratos?',
    findings: 'quais anomalias foram encontradas?',
    explain: 'explique a primeira',
    grave: 'quais são as anomalias críticas?',
    investigate: (dataset) => `investigue o dataset ${dataset}`,
  },
  es: {
    by_year: '¿y por año?',
    by_month: '¿y por mes?',
    who: '¿quiénes son los proveedores?',
    first: '¿y el primero?',
    largest: '¿cuáles son los mayores contratos?',
    findings: '¿qué anomalías se encontraron?',
    explain: 'explique la primera',
    grave: '¿cuáles son las anomalías críticas?',
    investigate: (dataset) => `investigue el dataset ${dataset}`,
  },
}
