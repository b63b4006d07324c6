import { join } from 'node:path'
import { noSuch, Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import { say } from '../language/sentence.ts'
import type { Dataset, Datasets, Upload } from './datasets.ts'
import type { Workspaces } from './workspace.ts'

export interface DatasetChangesOptions {
  access: Pick<AccessControl, 'require'>
  datasets: Pick<Datasets, 'create' | 'get' | 'remove'>
  spaces: Workspaces
}

/** Adds and removes datasets of a caller, and records it in the audit log. */
export interface DatasetChanges {
  /**
   * Receives a file and makes a dataset of it; on any failure nothing of it is left.
   * @param receive writes the file to a path, and describes it
   * @param signal aborts when the caller is gone
   * @throws {Problem} `UNUSABLE_DATASET`, `PAYLOAD_TOO_LARGE`, `VALIDATION_FAILED`, and those of `receive`
   */
  upload(
    actor: Actor,
    receive: (path: string) => Promise<Omit<Upload, 'path' | 'owner'>>,
    signal: AbortSignal,
  ): Promise<Dataset>
  /** Removes a dataset. @throws {Problem} `NOT_FOUND`; `FORBIDDEN` for the sample */
  remove(actor: Actor, id: string): Promise<void>
}

/** Makes the use cases that change datasets. */
export const datasetChanges = ({ access, datasets, spaces }: DatasetChangesOptions): DatasetChanges => ({
  async upload({ identity, audit }, receive, signal) {
    await using workspace = await spaces.open('upload')
    const path = join(workspace.path, 'body')
    try {
      const received = await receive(path)
      return await audit.change((record) =>
        datasets.create(
          { ...received, path, owner: identity.id },
          signal,
          (trx, { dataset_id, name, rows, rejected }) =>
            record(trx, 'data.uploaded', {
              resource_type: 'dataset',
              resource_id: dataset_id,
              details: { name, rows, rejected },
            }),
        ),
      )
    } catch (error) {
      if (error instanceof Problem)
        await audit.append('data.upload_failed', { success: false, error_code: error.code })
      throw error
    }
  },

  async remove({ identity, audit }, id) {
    await access.require(identity, { type: 'dataset', id }, 'own')
    const dataset = await datasets.get(id)
    if (!dataset) throw noSuch('dataset')
    if (dataset.owner === null) throw new Problem('FORBIDDEN', say('upload.sample_stays'))
    await audit.change((record) =>
      datasets.remove(id, (trx) =>
        record(trx, 'data.deleted', { resource_type: 'dataset', resource_id: id }),
      ),
    )
  },
})
