import { testQuestions } from './questions/proof.ts'

testQuestions('en')
