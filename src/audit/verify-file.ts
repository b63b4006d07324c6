#!/usr/bin/env node
import { verifyFiles } from './verifier.ts'

process.exitCode = await verifyFiles(process.argv.slice(2), (text, isError) => {
  const stream = isError ? process.stderr : process.stdout
  stream.write(text)
})
