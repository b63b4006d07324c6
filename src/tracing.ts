import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { DeliverySpans } from './delivery-spans.ts'
import type { Tracing } from './plugins/trace.ts'
import type { RoomTracing } from './room-observers.ts'
import { VERSION } from './version.ts'

/** Longest time that a span waits to be sent, in ms. */
const SEND_MS = 1000

export interface TracingOptions {
  /** Address of the receiver, without `/v1/traces`. */
  endpoint: string
  /** Name of this instance. */
  instance: string
}

/**
 * Sends spans of requests, of attempts at providers and of deliveries to a receiver, by OTLP over HTTP. They carry names, models,
 * counts and codes; never a key, a token, a path's values or a message. A receiver that does not answer costs spans.
 */
export const openTracing = ({ endpoint, instance }: TracingOptions): Tracing & RoomTracing => {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'tributary',
      'service.version': VERSION,
      'service.instance.id': instance,
    }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }), {
        scheduledDelayMillis: SEND_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('tributary', VERSION)
  const propagator = new W3CTraceContextPropagator()
  const current = new AsyncLocalStorage<Context>()
  const deliveries = new DeliverySpans(tracer, (traceparent) =>
    propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter),
  )

  return {
    request({ method, route, headers }) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
      const span = tracer.startSpan(
        `${method} ${route}`,
        { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': route } },
        parent,
      )
      const context = trace.setSpan(parent, span)
      return {
        traceId: span.spanContext().traceId,
        within: (run) => current.run(context, run),
        end(status) {
          span.setAttribute('http.response.status_code', status)
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    attempt(name, model) {
      const attributes = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': name,
        'gen_ai.system': name,
        ...(model !== null && { 'gen_ai.request.model': model }),
      }
      const span = tracer.startSpan(
        `chat ${model ?? name}`,
        { kind: SpanKind.CLIENT, attributes },
        current.getStore() ?? ROOT_CONTEXT,
      )
      return {
        firstToken: () => void span.addEvent('gen_ai.first_token'),
        used({ promptTokens, completionTokens }) {
          span.setAttribute('gen_ai.usage.input_tokens', promptTokens)
          span.setAttribute('gen_ai.usage.output_tokens', completionTokens)
        },
        finished: (reason) => void span.setAttribute('gen_ai.response.finish_reasons', [reason]),
        end(errorCode) {
          if (errorCode !== undefined) {
            span.setAttribute('error.type', errorCode)
            span.setStatus({ code: SpanStatusCode.ERROR })
          }
          span.end()
        },
      }
    },
    current() {
      const context = current.getStore()
      if (context === undefined) return undefined
      const carrier: { traceparent?: string } = {}
      propagator.inject(context, carrier, defaultTextMapSetter)
      return carrier.traceparent
    },
    delivered: (count, publications) => deliveries.delivered(count, publications),
    close() {
      deliveries.close()
      return provider.shutdown()
    },
  }
}
