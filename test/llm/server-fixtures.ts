import { anthropicAnswer } from '../../src/llm/anthropic.ts'
import { geminiAnswer } from '../../src/llm/gemini.ts'
import { ollamaAnswer } from '../../src/llm/ollama.ts'
import { openAiAnswer } from '../../src/llm/openai-answer.ts'
import type { Part } from '../../src/llm/provider.ts'
import { text, usage } from './scripted.ts'
import { type Fixture, finish } from './vendor-fixtures.ts'

const reasoning = (words: string): Part => ({ type: 'reasoning-delta', text: words })
const data = (json: string, end = '\n\n'): string => `data: ${json}${end}`
const DONE = data('[DONE]')

const openAi = (choices: string, rest: string): string =>
  data(
    `{"id":"chatcmpl-CqX1","object":"chat.completion.chunk","created":1764400000,"model":"gpt-5-mini-2025-08-07","service_tier":"default","system_fingerprint":null,"choices":[${choices}],${rest}}`,
  )
const azure = (choices: string, rest = ''): string =>
  data(
    `{"choices":[${choices}],"created":1764400000,"id":"chatcmpl-CqX2","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk","system_fingerprint":"fp_ee1d74bde0"${rest}}`,
  )
const xai = (choices: string, rest = ''): string =>
  data(
    `{"id":"923d4779-8674-4a1e","object":"chat.completion.chunk","created":1764400000,"model":"grok-4","choices":[${choices}]${rest},"system_fingerprint":"fp_10f00c862d"}`,
  )
const gemini = (part: string, counts: string): string =>
  data(
    `{"candidates": [{"content": {"parts": [${part}],"role": "model"},"finishReason": "STOP","index": 0,"safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT","probability": "NEGLIGIBLE"}]}],"usageMetadata": {${counts}},"modelVersion": "gemini-1.5-flash-002"}`,
    '\r\n\r\n',
  )
const anthropic = (type: string, rest: string): string =>
  `event: ${type}\ndata: {"type":"${type}"${rest}${' '.repeat(7)}}\n\n`
const ollama = (message: string, rest: string): string =>
  `{"model":"qwen3:8b","created_at":"2026-11-29T11:50:07.${message.length}Z","message":{"role":"assistant",${message}},${rest}}\n`
const ollamaV1 = (delta: string, reason: string): string =>
  data(
    `{"id":"chatcmpl-693","object":"chat.completion.chunk","created":1764400000,"model":"mistral:latest","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant",${delta}},"finish_reason":${reason}}]}`,
  )
const lmStudio = (delta: string, reason: string): string =>
  data(
    `{"id":"chatcmpl-7hbs2r","object":"chat.completion.chunk","created":1764400000,"model":"qwen3-8b","system_fingerprint":"qwen3-8b","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]}`,
  )
const vllm = (choices: string, rest = ''): string =>
  data(
    `{"id":"chatcmpl-a0e8d16d","object":"chat.completion.chunk","created":1764400000,"model":"Qwen/Qwen3-8B","choices":[${choices}]${rest}}`,
  )
const llamaCpp = (reason: string, delta: string, rest = ''): string =>
  data(
    `{"choices":[{"finish_reason":${reason},"index":0,"delta":${delta}}],"created":1764400000,"id":"chatcmpl-qC6laQHb","model":"gemma-3-12b","system_fingerprint":"b9554-d403f00ec","object":"chat.completion.chunk"${rest}}`,
  )
const liteLlm = (choices: string): string =>
  data(
    `{"id":"chatcmpl-3f","created":1764400000,"model":"gemini-2.5-pro","object":"chat.completion.chunk","choices":[${choices}]}`,
  )
const mistral = (delta: string, reason: string, rest = ''): string =>
  data(
    `{"id":"cmpl-82b4","object":"chat.completion.chunk","created":1764400000,"model":"mistral-small-latest","choices":[{"index":0,"delta":${delta},"finish_reason":${reason}}]${rest},"p":"abcdefghi"}`,
  )
const maritaca = (delta: string, reason: string, rest = ',"usage":null'): string =>
  data(
    `{"id":"chatcmpl-04c","object":"chat.completion.chunk","created":1764400000,"model":"sabia-3.1","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]${rest}}`,
  )
const openRouter = (delta: string, reason: string, rest = ''): string =>
  data(
    `{"id":"gen-1764400000-MKtg","provider":"Google","model":"google/gemini-3-flash","object":"chat.completion.chunk","created":1764400000,"choices":[{"index":0,"delta":${delta},"finish_reason":${reason},"native_finish_reason":${reason === 'null' ? 'null' : '"STOP"'},"logprobs":null}]${rest}}`,
  )
const PROCESSING = ': OPENROUTER PROCESSING\n\n'

/**
 * One answer of each of thirteen servers in the shape in which it sends them, with an oddity that users of such servers
 * have reported, where there is one. The texts and ids are ours.
 */
export const SERVERS: readonly Fixture[] = [
  {
    // With stream_options every chunk has `usage`, and an obfuscation field evens out the lengths.
    name: 'OpenAI: obfuscation, usage behind the reason in a chunk without choices',
    dialect: openAiAnswer,
    wire: [
      openAi(
        '{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}',
        '"usage":null,"obfuscation":"wl1L4ubkZC2"',
      ),
      openAi(
        '{"index":0,"delta":{"content":"São"},"finish_reason":null}',
        '"usage":null,"obfuscation":"MKXxbHEq"',
      ),
      openAi(
        '{"index":0,"delta":{"content":" três"},"finish_reason":null}',
        '"usage":null,"obfuscation":"RXh"',
      ),
      openAi('{"index":0,"delta":{},"finish_reason":"stop"}', '"usage":null,"obfuscation":"Z6"'),
      openAi(
        '',
        '"usage":{"prompt_tokens":13,"completion_tokens":9,"total_tokens":22,"completion_tokens_details":{"reasoning_tokens":0}},"obfuscation":""',
      ),
      DONE,
    ].join(''),
    parts: [...text('São', ' três'), usage(13, 9), finish('stop')],
  },
  {
    // Its asynchronous filter sends results in chunks of their own, behind the reason too; the terminator may be missing.
    name: 'Azure: chunks of the filter, also behind the reason, no terminator',
    dialect: openAiAnswer,
    wire: [
      data(
        '{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}',
      ),
      azure('{"content_filter_results":{},"delta":{"content":"Ol"},"finish_reason":null,"index":0}'),
      azure(
        '{"content_filter_offsets":{"check_offset":44,"start_offset":44,"end_offset":198},"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"finish_reason":null,"index":0}',
      ),
      azure('{"content_filter_results":{},"delta":{"content":"á"},"finish_reason":null,"index":0}'),
      azure('{"content_filter_results":{},"delta":{},"finish_reason":"stop","index":0}'),
      azure(
        '{"content_filter_offsets":{"check_offset":198},"content_filter_results":{},"finish_reason":null,"index":0}',
      ),
    ].join(''),
    parts: [...text('Ol', 'á'), finish('stop')],
  },
  {
    // https://github.com/BerriAI/litellm/issues/17136
    name: 'xAI: reasoning first, usage in the last chunk but one, an empty chunk behind it',
    dialect: openAiAnswer,
    wire: [
      xai('{"index":0,"delta":{"role":"assistant","reasoning_content":"Hm"}}'),
      xai('{"index":0,"delta":{"content":"Sim"}}'),
      xai('{"index":0,"delta":{"content":"."}}'),
      xai('{"index":0,"delta":{},"finish_reason":"stop"}'),
      xai(
        '',
        ',"usage":{"prompt_tokens":14,"completion_tokens":3,"total_tokens":319,"prompt_tokens_details":{"text_tokens":14,"cached_tokens":4},"num_sources_used":0}',
      ),
      xai(''),
      DONE,
    ].join(''),
    parts: [reasoning('Hm'), ...text('Sim', '.'), usage(14, 3), finish('stop')],
  },
  {
    // https://github.com/windingwind/zotero-pdf-translate/pull/806
    name: 'Gemini: STOP on every event, no terminator',
    dialect: geminiAnswer(new Map()),
    wire: [
      gemini('{"text": "Um"}', '"promptTokenCount": 6,"totalTokenCount": 6'),
      gemini('{"text": " dois"}', '"promptTokenCount": 6,"candidatesTokenCount": 8,"totalTokenCount": 14'),
      gemini(
        '{"text": " três.\\n"}',
        '"promptTokenCount": 6,"candidatesTokenCount": 11,"totalTokenCount": 17',
      ),
    ].join(''),
    parts: [...text('Um', ' dois', ' três.\n'), usage(6, 11), finish('stop')],
  },
  {
    // Its events are padded with spaces.
    name: 'Anthropic: padded events, pings, usage in the first and the last event but one',
    dialect: anthropicAnswer,
    wire: [
      anthropic(
        'message_start',
        ',"message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1,"service_tier":"standard"}}',
      ),
      anthropic('content_block_start', ',"index":0,"content_block":{"type":"text","text":""}'),
      'event: ping\ndata: {"type": "ping"}\n\n',
      anthropic('content_block_delta', ',"index":0,"delta":{"type":"text_delta","text":"Olá"}'),
      anthropic('content_block_delta', ',"index":0,"delta":{"type":"text_delta","text":"!"}'),
      anthropic('content_block_stop', ',"index":0'),
      anthropic(
        'message_delta',
        ',"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":25,"output_tokens":15}',
      ),
      anthropic('message_stop', ''),
    ].join(''),
    parts: [...text('Olá', '!'), usage(25, 15), finish('stop')],
  },
  {
    name: 'Ollama, its own interface: a line each, thinking, a whole call, counts in the last line',
    dialect: ollamaAnswer,
    wire: [
      ollama('"content":"","thinking":"Vejo"', '"done":false'),
      ollama('"content":"Vou"', '"done":false'),
      ollama('"content":" ver — já"', '"done":false'),
      ollama(
        '"content":"","tool_calls":[{"function":{"index":0,"name":"search","arguments":{"q":"é"}}}]',
        '"done":false',
      ),
      ollama(
        '"content":""',
        '"done_reason":"stop","done":true,"total_duration":4883583458,"load_duration":1334875,"prompt_eval_count":26,"prompt_eval_duration":342546000,"eval_count":28,"eval_duration":4535599000',
      ),
    ].join(''),
    parts: [
      reasoning('Vejo'),
      ...text('Vou', ' ver — já'),
      { type: 'tool-call-delta', index: 0, id: 'call_0', name: 'search', arguments: '{"q":"é"}' },
      usage(26, 28),
      finish('tool_calls'),
    ],
  },
  {
    // https://github.com/ollama/ollama/issues/4357
    name: "Ollama, OpenAI's path: an empty reason on every chunk",
    dialect: openAiAnswer,
    wire: [
      ollamaV1('"content":" if"', '""'),
      ollamaV1('"content":" você"', '""'),
      ollamaV1('"content":" quiser"', '""'),
      ollamaV1('"content":""', '"stop"'),
      data(
        '{"id":"chatcmpl-693","object":"chat.completion.chunk","created":1764400000,"model":"mistral:latest","system_fingerprint":"fp_ollama","choices":[],"usage":{"prompt_tokens":26,"completion_tokens":3,"total_tokens":29}}',
      ),
      DONE,
    ].join(''),
    parts: [...text(' if', ' você', ' quiser'), usage(26, 3), finish('stop')],
  },
  {
    name: 'LM Studio: reasoning apart, usage never',
    dialect: openAiAnswer,
    wire: [
      lmStudio('{"role":"assistant","reasoning_content":"Ok"}', 'null'),
      lmStudio('{"role":"assistant","content":"Pronto"}', 'null'),
      lmStudio('{"role":"assistant","content":" 👍"}', 'null'),
      lmStudio('{}', '"stop"'),
      DONE,
    ].join(''),
    parts: [reasoning('Ok'), ...text('Pronto', ' 👍'), finish('stop')],
  },
  {
    // https://github.com/vllm-project/vllm/issues/35705 and /issues/27572
    name: 'vLLM: text with the reason, usage in every chunk',
    dialect: openAiAnswer,
    wire: [
      vllm(
        '{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}',
        ',"usage":{"prompt_tokens":16,"total_tokens":16,"completion_tokens":0}',
      ),
      vllm(
        '{"index":0,"delta":{"content":"요"},"logprobs":null,"finish_reason":null,"token_ids":null}',
        ',"usage":{"prompt_tokens":16,"total_tokens":17,"completion_tokens":1}',
      ),
      vllm(
        '{"index":0,"delta":{"content":"?"},"logprobs":null,"finish_reason":"length","stop_reason":null}',
        ',"usage":{"prompt_tokens":16,"total_tokens":18,"completion_tokens":2}',
      ),
      vllm('', ',"usage":{"prompt_tokens":16,"total_tokens":18,"completion_tokens":2}'),
      DONE,
    ].join(''),
    parts: [...text('요', '?'), usage(16, 2), finish('length')],
  },
  {
    // https://github.com/ggml-org/llama.cpp/issues/12137
    name: 'llama.cpp: the reason before the index, timings beside the usage',
    dialect: openAiAnswer,
    wire: [
      llamaCpp('null', '{"role":"assistant","content":null}'),
      llamaCpp('null', '{"content":"Só"}'),
      llamaCpp('null', '{"content":" isso"}'),
      llamaCpp(
        '"stop"',
        '{}',
        ',"usage":{"completion_tokens":2,"prompt_tokens":43,"total_tokens":45},"timings":{"prompt_n":43,"prompt_ms":246.082,"predicted_n":2,"predicted_ms":0.028}',
      ),
      DONE,
    ].join(''),
    parts: [...text('Só', ' isso'), usage(43, 2), finish('stop')],
  },
  {
    // https://github.com/BerriAI/litellm/issues/2195
    name: 'LiteLLM: `stop` on every chunk, a call in the second choice',
    dialect: openAiAnswer,
    wire: [
      liteLlm('{"index":0,"delta":{"content":"Eu","role":"assistant"},"finish_reason":"stop"}'),
      liteLlm('{"index":0,"delta":{"content":" procuro"},"finish_reason":"stop"}'),
      liteLlm(
        '{"index":0,"delta":{"content":"."},"finish_reason":"stop"},{"index":1,"delta":{"content":"Ecoa","tool_calls":[{"index":0,"id":"call_x","type":"function","function":{"name":"search","arguments":"{}"}}]},"finish_reason":"stop"}',
      ),
      DONE,
    ].join(''),
    parts: [
      ...text('Eu', ' procuro', '.'),
      { type: 'tool-call-delta', index: 0, id: 'call_x', name: 'search', arguments: '{}' },
      finish('tool_calls'),
    ],
  },
  {
    // https://github.com/mistralai/client-python/issues/16
    name: 'Mistral: padding, thinking in typed pieces, usage with the reason',
    dialect: openAiAnswer,
    wire: [
      mistral(
        '{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"Penso"}]}]}',
        'null',
      ),
      mistral('{"content":[{"type":"text","text":"Queijo"}]}', 'null'),
      mistral('{"content":" curado"}', 'null'),
      mistral(
        '{"content":""}',
        '"stop"',
        ',"usage":{"prompt_tokens":10,"total_tokens":29,"completion_tokens":19}',
      ),
      DONE,
    ].join(''),
    parts: [reasoning('Penso'), ...text('Queijo', ' curado'), usage(10, 19), finish('stop')],
  },
  {
    // It documents OpenAI's shape; the text "null" is a reason that servers of that shape are known to send.
    name: 'Maritaca: Portuguese, the reason as the text "null" until the end',
    dialect: openAiAnswer,
    wire: [
      maritaca('{"role":"assistant","content":"Você"}', '"null"'),
      maritaca('{"content":" não está"}', '"null"'),
      maritaca('{"content":" sozinho"}', '"null"'),
      maritaca('{}', '"stop"', ',"usage":{"prompt_tokens":71,"completion_tokens":6,"total_tokens":77}'),
      DONE,
    ].join(''),
    parts: [...text('Você', ' não está', ' sozinho'), usage(71, 6), finish('stop')],
  },
  {
    // https://openrouter.ai/docs/api-reference/streaming
    name: 'OpenRouter: comments while it waits, a role with every chunk, usage beside an empty choice',
    dialect: openAiAnswer,
    wire: [
      PROCESSING,
      PROCESSING,
      openRouter(
        '{"role":"assistant","content":"","reasoning":"Busco","reasoning_details":[{"type":"reasoning.text","text":"Busco","index":0}]}',
        'null',
      ),
      openRouter('{"role":"assistant","content":"Achei"}', 'null'),
      PROCESSING,
      openRouter('{"role":"assistant","content":" isto"}', 'null'),
      openRouter('{"role":"assistant","content":""}', '"stop"'),
      openRouter(
        '{"role":"assistant","content":""}',
        'null',
        ',"usage":{"prompt_tokens":17,"completion_tokens":5,"total_tokens":22,"cost":0.00021,"is_byok":false}',
      ),
      DONE,
    ].join(''),
    parts: [reasoning('Busco'), ...text('Achei', ' isto'), usage(17, 5), finish('stop')],
  },
]
