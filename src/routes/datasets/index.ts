import type { FastifyPluginAsync } from 'fastify'
import { type DatasetRoutesOptions, datasetRoutes } from './datasets-routes.ts'
import { type UploadRouteOptions, uploadRoute } from './upload-routes.ts'

export interface DatasetInterfaceOptions extends UploadRouteOptions, DatasetRoutesOptions {}

/** Serves datasets: upload, list, read and remove. */
export const datasetInterface: FastifyPluginAsync<DatasetInterfaceOptions> = async (app, options) => {
  await app.register(uploadRoute, options)
  await app.register(datasetRoutes, options)
}
