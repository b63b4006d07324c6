/**
 * `npm run docs` writes docs/configure.md: every setting of the schema, under the headings of `.env.example`. A test
 * holds the page against the schema.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { Settings } from '../src/config.ts'
import { ProviderVariables } from '../src/llm/provider-settings.ts'
import { fileSettingOf, isSecret } from '../src/secret-files.ts'

const PREAMBLE = `# Settings
Written by \`npm run docs\` from the schema by which the service reads them; do not edit.

The service reads its environment once, at its start, over an optional \`.env\` file beside it. An empty variable counts
as unset. A wrong or missing one stops the start with one message that names them all; one that begins like a setting
and is none is named in a warning.

**Secrets by file.** Where the last column says so, \`<SETTING>_FILE\` names a file that holds the secret, as Docker,
Kubernetes and systemd hand them out; a line end at its end is left out. Setting both is refused.

**Servers of your own.** \`LLM_PROVIDERS\` may name any OpenAI-compatible server; it has the settings of a vendor:
\`my-server\` is configured by \`MY_SERVER_BASE_URL\`, \`MY_SERVER_MODEL\`, \`MY_SERVER_API_KEY\` (or its file),
\`MY_SERVER_STREAMING\`, \`MY_SERVER_PRICE_INPUT\` and \`MY_SERVER_PRICE_OUTPUT\`.

**Names of other documents.** \`GROK_API_KEY\`, \`GROK_MODEL\`, \`GROK_BASE_URL\` mean those of \`XAI\`;
\`STREAMING_API_PORT\` means \`PORT\`; \`OLLAMA_ENABLED=true\` means \`OLLAMA_BASE_URL=http://127.0.0.1:11434\`.
`

type Setting = TSchema & Record<'type' | 'default' | 'minimum' | 'maximum' | 'description', unknown>

/** Returns a description of the values that a setting takes. */
const valuesOf = (schema: Setting): string => {
  const { enum: values } = schema as unknown as { enum?: string[] }
  if (values) return values.map((value) => `\`${value}\``).join(', ')
  if (schema.type === 'integer') return `${schema.minimum} – ${schema.maximum}`
  if (schema.type === 'boolean') return '`true`, `false`'
  return schema.type === 'number' ? 'number' : 'text'
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/**
 * Returns the page of all settings.
 * @param example the text of `.env.example`, which says under which heading a setting stands
 */
export const settingsPage = (example: string): string => {
  const settings = { ...Settings.properties, ...ProviderVariables } as unknown as Record<string, Setting>
  const lines = [PREAMBLE]
  for (const line of example.split('\n')) {
    const heading = /^## (.+)$/.exec(line)?.[1]
    if (heading !== undefined)
      lines.push(`\n## ${heading}`, '| setting | default | values | what it does |', '|---|---|---|---|')
    const name = /^#([A-Z][A-Z0-9_]*)=/.exec(line)?.[1]
    const schema = name === undefined ? undefined : settings[name]
    if (name === undefined || schema === undefined) continue
    const fallback = schema.default === undefined || schema.default === '' ? '' : `\`${schema.default}\``
    const file = isSecret(schema) ? `; secret, or in the file \`${fileSettingOf(name)}\`` : ''
    lines.push(
      `| \`${name}\` | ${fallback} | ${cell(valuesOf(schema))} | ${cell(String(schema.description))}${file} |`,
    )
  }
  return `${lines.join('\n')}\n`
}

if (process.argv[1] === import.meta.filename)
  writeFileSync('docs/configure.md', settingsPage(readFileSync('.env.example', 'utf8')))
