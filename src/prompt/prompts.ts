import type { Kysely } from 'kysely'
import { badField, noSuch } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import type { Schema } from '../store/schema.ts'
import { checkTemplate } from './template.ts'

/** A stored text with placeholders, and the settings with which it is sent. */
export interface PromptFields {
  title: string
  /** A template with `{{name}}` placeholders. */
  content: string
  /** The id of a stored model; null where the router chooses. */
  modelId: number | null
  /** null uses the vendor's default. */
  temperature: number | null
  maxTokens: number | null
}

export interface Prompt extends PromptFields {
  id: number
}

const COLUMNS = [
  'id',
  'title',
  'content',
  'model_id as modelId',
  'temperature',
  'max_tokens as maxTokens',
] as const

const columnsOf = ({ modelId, maxTokens, ...fields }: Partial<PromptFields>) => ({
  ...fields,
  ...(modelId === undefined ? {} : { model_id: modelId }),
  ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
})

/** Stores prompts; the caller must check who may use and change them. */
export class Prompts {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async get(id: number): Promise<Prompt | undefined> {
    return this.#store.db.selectFrom('prompts').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  }

  /**
   * Lists a user's prompts with ids above `after`, by id.
   * @param owner null lists those of all users
   */
  async list(owner: string | null, limit: number, after: number): Promise<Prompt[]> {
    let found = this.#store.db.selectFrom('prompts').select(COLUMNS).where('id', '>', after)
    if (owner !== null) found = found.where('owner', '=', owner)
    return found.orderBy('id').limit(limit).execute()
  }

  /** Creates a prompt. @throws {Problem} `VALIDATION_FAILED` naming `/content`, `/modelId` */
  async create(owner: string, fields: PromptFields, alongside?: Alongside<Prompt>): Promise<Prompt> {
    checkTemplate(fields.content, '/content')
    return this.#store.db.transaction().execute(async (trx) => {
      const { title, content, modelId, temperature, maxTokens } = fields
      const prompt = await trx
        .insertInto('prompts')
        .values({
          owner,
          title,
          content,
          model_id: modelId,
          temperature,
          max_tokens: maxTokens,
          created_at: Date.now(),
        })
        .returning(COLUMNS)
        .executeTakeFirstOrThrow()
      await holdModel(trx, modelId)
      await alongside?.(trx, prompt)
      return prompt
    })
  }

  /**
   * Changes a prompt.
   * @param fields at least one
   * @throws {Problem} `VALIDATION_FAILED` naming `/content`, `/modelId`; `NOT_FOUND`
   */
  async change(id: number, fields: Partial<PromptFields>, alongside?: Alongside<Prompt>): Promise<Prompt> {
    if (fields.content !== undefined) checkTemplate(fields.content, '/content')
    return this.#store.db.transaction().execute(async (trx) => {
      const prompt = await trx
        .updateTable('prompts')
        .set(columnsOf(fields))
        .where('id', '=', id)
        .returning(COLUMNS)
        .executeTakeFirst()
      if (!prompt) throw noSuch('prompt')
      await holdModel(trx, fields.modelId ?? null)
      await alongside?.(trx, prompt)
      return prompt
    })
  }

  /** Removes a prompt. @throws {Problem} `NOT_FOUND` */
  async remove(id: number, alongside?: Alongside): Promise<void> {
    await this.#store.db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx.deleteFrom('prompts').where('id', '=', id).executeTakeFirst()
      if (numDeletedRows === 0n) throw noSuch('prompt')
      await alongside?.(trx)
    })
  }
}

/**
 * Keeps a model from being removed until the transaction ends, by an update without effect: both stores lock its
 * row for that.
 */
const holdModel = async (trx: Kysely<Schema>, id: number | null): Promise<void> => {
  if (id === null) return
  const { numUpdatedRows } = await trx
    .updateTable('models')
    .set((eb) => ({ name: eb.ref('name') }))
    .where('id', '=', id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw badField('/modelId', say('field.no_model_id'))
}
