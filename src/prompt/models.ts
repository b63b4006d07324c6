import { badField, noSuch, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'

/** A vendor's model, under a name that this service gives it. */
export interface ModelFields {
  name: string
  /** The name of the provider that the router asks. */
  provider: string
  /** The name of the model at that provider. */
  modelId: string
}

export interface Model extends ModelFields {
  id: number
}

const COLUMNS = ['id', 'name', 'provider', 'model_id as modelId'] as const

const columnsOf = ({ modelId, ...fields }: Partial<ModelFields>) => ({
  ...fields,
  ...(modelId === undefined ? {} : { model_id: modelId }),
})

/** Stores the models that prompts name. Everybody may use them; the caller must check who may change them. */
export class Models {
  readonly #store: Store
  readonly #hasProvider: (name: string) => boolean

  /** @param hasProvider whether the router may be asked for a provider */
  constructor(store: Store, hasProvider: (name: string) => boolean) {
    this.#store = store
    this.#hasProvider = hasProvider
  }

  async get(id: number): Promise<Model | undefined> {
    return this.#store.db.selectFrom('models').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  }

  /** Lists models with ids above `after`, by id. */
  async list(limit: number, after: number): Promise<Model[]> {
    return this.#store.db
      .selectFrom('models')
      .select(COLUMNS)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  /** Creates a model. @throws {Problem} `VALIDATION_FAILED` naming `/provider` */
  async create(owner: string, fields: ModelFields, alongside?: Alongside<Model>): Promise<Model> {
    this.#checkProvider(fields.provider)
    return this.#store.db.transaction().execute(async (trx) => {
      const { name, provider, modelId } = fields
      const model = await trx
        .insertInto('models')
        .values({ owner, name, provider, model_id: modelId, created_at: Date.now() })
        .returning(COLUMNS)
        .executeTakeFirstOrThrow()
      await alongside?.(trx, model)
      return model
    })
  }

  /**
   * Changes a model.
   * @param fields at least one
   * @throws {Problem} `VALIDATION_FAILED` naming `/provider`, `NOT_FOUND`
   */
  async change(id: number, fields: Partial<ModelFields>, alongside?: Alongside<Model>): Promise<Model> {
    if (fields.provider !== undefined) this.#checkProvider(fields.provider)
    return this.#store.db.transaction().execute(async (trx) => {
      const model = await trx
        .updateTable('models')
        .set(columnsOf(fields))
        .where('id', '=', id)
        .returning(COLUMNS)
        .executeTakeFirst()
      if (!model) throw noSuch('model')
      await alongside?.(trx, model)
      return model
    })
  }

  /** Removes a model. @throws {Problem} `CONFLICT` while prompts use it, `NOT_FOUND` */
  async remove(id: number, alongside?: Alongside): Promise<void> {
    await this.#store.db.transaction().execute(async (trx) => {
      // The model comes first: prompts that begin to use it meanwhile wait for its row; they are seen, or find it
      // removed.
      const { numDeletedRows } = await trx.deleteFrom('models').where('id', '=', id).executeTakeFirst()
      if (numDeletedRows === 0n) throw noSuch('model')
      const user = await trx
        .selectFrom('prompts')
        .select('id')
        .where('model_id', '=', id)
        .limit(1)
        .executeTakeFirst()
      if (user) throw new Problem('CONFLICT', say('prompt.model_in_use'))
      await alongside?.(trx)
    })
  }

  #checkProvider(name: string): void {
    if (!this.#hasProvider(name)) throw badField('/provider', say('field.no_provider'))
  }
}
