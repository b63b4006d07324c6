import type { AnswerDialect } from '../../src/llm/answer.ts'
import { anthropicAnswer } from '../../src/llm/anthropic.ts'
import { geminiAnswer } from '../../src/llm/gemini.ts'
import { openAiAnswer } from '../../src/llm/openai-answer.ts'
import type { Part } from '../../src/llm/provider.ts'
import { text, usage } from './scripted.ts'

/** Bytes as a vendor sends them, and the parts that they are read as. */
export interface Fixture {
  name: string
  dialect: AnswerDialect
  wire: string
  parts: readonly Part[]
}

export const finish = (reason: 'stop' | 'length' | 'tool_calls' | 'content_filter'): Part => ({
  type: 'finish',
  reason,
})

const HEAD =
  '{"id":"chatcmpl-C7","object":"chat.completion.chunk","created":1763700000,"model":"gpt-5-mini-2025-08-07","service_tier":"default","system_fingerprint":"fp_0b",'
const openAi = (delta: string, reason = 'null', rest = '') =>
  `data: ${HEAD}"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]${rest}}\n\n`
const DONE = 'data: [DONE]\n\n'
const gemini = (candidate: string, rest = '') =>
  `data: {"candidates": [{${candidate},"index": 0}]${rest},"modelVersion": "gemini-2.5-flash","responseId": "r-7"}\r\n\r\n`

export const FIXTURES: readonly Fixture[] = [
  {
    name: 'openai: text, usage in the last chunk',
    dialect: openAiAnswer,
    wire: [
      openAi('{"role":"assistant","content":"","refusal":null}', 'null', ',"usage":null'),
      openAi('{"content":"Olá"}', 'null', ',"usage":null'),
      openAi('{"content":", você"}', 'null', ',"usage":null'),
      openAi('{"content":" 🧾 \\"R$\\"\\n"}', 'null', ',"usage":null'),
      openAi('{"content":"\\ud83e\\uddfe"}', 'null', ',"usage":null'),
      openAi('{"content":"fim"}', 'null', ',"usage":null'),
      openAi('{}', '"stop"', ',"usage":null'),
      `data: ${HEAD}"choices":[],"usage":{}}\n\n`,
      `data: ${HEAD}"choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}}\n\n`,
      DONE,
    ].join(''),
    parts: [...text('Olá', ', você', ' 🧾 "R$"\n', '🧾', 'fim'), usage(19, 10), finish('stop')],
  },
  {
    name: 'openai: texts that look like JSON, one template and then another',
    dialect: openAiAnswer,
    wire: [
      openAi('{"content":"a"}'),
      openAi('{"content":"\\",\\"x\\":\\""}'),
      openAi('{"content":"b"}'),
      openAi('{"content":"c","reasoning_content":"hm"}'),
      openAi('{"content":"","reasoning_content":"hm"}'),
      openAi('{"content":"d"}'),
      openAi('{"content":"\\\\"}'),
      openAi('{"content":"e"}', '"length"'),
      DONE,
    ].join(''),
    parts: [
      ...text('a', '","x":"', 'b'),
      { type: 'reasoning-delta', text: 'hm' },
      ...text('c'),
      { type: 'reasoning-delta', text: 'hm' },
      ...text('d', '\\', 'e'),
      finish('length'),
    ],
  },
  {
    name: 'azure: no choices first, a filter last',
    dialect: openAiAnswer,
    wire: `data: {"choices":[],"prompt_filter_results":[{"prompt_index":0}]}\n\n${openAi('{"content":"Um"}')}${openAi('{}', '"content_filter"')}${DONE}`,
    parts: [...text('Um'), finish('content_filter')],
  },
  {
    name: 'xai: reasoning, usage in every chunk, comments, CRLF',
    dialect: openAiAnswer,
    wire: [
      ': keep-alive\r\n\r\n',
      openAi(
        '{"role":"assistant","reasoning_content":"Pensando"}',
        'null',
        ',"usage":{"prompt_tokens":5,"completion_tokens":1}',
      ),
      openAi('{"content":"Sim"}', '"stop"', ',"usage":{"prompt_tokens":5,"completion_tokens":2}'),
      DONE,
    ]
      .join('')
      .replaceAll(/\r?\n/g, '\r\n'),
    parts: [{ type: 'reasoning-delta', text: 'Pensando' }, ...text('Sim'), usage(5, 2), finish('stop')],
  },
  {
    name: 'openai: two tool calls in pieces',
    dialect: openAiAnswer,
    wire: [
      openAi(
        '{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"search","arguments":""}}]}',
      ),
      openAi('{"tool_calls":[{"index":0,"function":{"arguments":"{\\"q\\":"}}]}'),
      openAi('{"tool_calls":[{"index":0,"function":{"arguments":"\\"é\\"}"}}]}'),
      openAi(
        '{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"list","arguments":"{}"}}]}',
      ),
      openAi('{}', '"tool_calls"'),
      DONE,
    ].join(''),
    parts: [
      { type: 'tool-call-delta', index: 0, id: 'call_a', name: 'search', arguments: '' },
      { type: 'tool-call-delta', index: 0, arguments: '{"q":' },
      { type: 'tool-call-delta', index: 0, arguments: '"é"}' },
      { type: 'tool-call-delta', index: 1, id: 'call_b', name: 'list', arguments: '{}' },
      finish('tool_calls'),
    ],
  },
  {
    name: 'compatible: whole calls without index, then all with index 0, `stop` as the reason, no terminator',
    dialect: openAiAnswer,
    wire: [
      openAi(
        '{"tool_calls":[{"id":"a","function":{"name":"one","arguments":{"n":1}}},{"id":"b","function":{"name":"two","arguments":"{}"}}]}',
      ),
      openAi('{"tool_calls":[{"index":0,"id":"c","function":{"name":"three","arguments":"{"}}]}'),
      openAi('{"tool_calls":[{"index":0,"id":"c","function":{"arguments":"}"}}]}'),
      openAi('{"tool_calls":[{"index":0,"id":"d","function":{"name":"four","arguments":"{}"}}]}'),
      openAi('{"tool_calls":[{"function":{"name":"five","arguments":"{"}}]}'),
      openAi('{"tool_calls":[{"function":{"arguments":"}"}}]}', '"stop"'),
    ].join(''),
    parts: [
      { type: 'tool-call-delta', index: 0, id: 'a', name: 'one', arguments: '{"n":1}' },
      { type: 'tool-call-delta', index: 1, id: 'b', name: 'two', arguments: '{}' },
      { type: 'tool-call-delta', index: 2, id: 'c', name: 'three', arguments: '{' },
      { type: 'tool-call-delta', index: 2, arguments: '}' },
      { type: 'tool-call-delta', index: 3, id: 'd', name: 'four', arguments: '{}' },
      { type: 'tool-call-delta', index: 4, id: 'call_chatcmpl-C7_4', name: 'five', arguments: '{' },
      { type: 'tool-call-delta', index: 4, arguments: '}' },
      finish('tool_calls'),
    ],
  },
  {
    name: 'openai: a refusal, byte order mark, several data lines, named events, no final newline',
    dialect: openAiAnswer,
    wire: `\ufeffevent: message\nid: 1\nretry: 5\ndata: {"choices":[{"delta":\ndata: {"refusal":"Não posso."},\ndata:"finish_reason":null}]}\n\ndata:{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"…"}]},{"type":"text","text":"ok"}]},"finish_reason":"stop"}]}\n\ndata: [DONE]`,
    parts: [...text('Não posso.'), { type: 'reasoning-delta', text: '…' }, ...text('ok'), finish('stop')],
  },
  {
    name: 'openai: a whole answer although a stream was asked for',
    dialect: openAiAnswer,
    wire: '\n{"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Tudo é público."},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n',
    parts: [...text('Tudo é público.'), usage(3, 4), finish('stop')],
  },
  {
    name: 'anthropic: thinking, text and a tool',
    dialect: anthropicAnswer,
    wire: [
      'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-6","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":20,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":1}}}\n\n',
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}\n\n',
      'event: ping\ndata: {"type": "ping"}\n\n',
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Então"}}\n\n',
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}\n\n',
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
      'event: content_block_start\ndata: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}\n\n',
      ...['Vou', ' buscar', ' já', ' \\"isso\\"'].map(
        (text) =>
          `event: content_block_delta\ndata: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"${text}"}}\n\n`,
      ),
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":1}\n\n',
      'event: content_block_start\ndata: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"search","input":{}}}\n\n',
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}\n\n',
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"q\\": \\"ã\\"}"}}\n\n',
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":2}\n\n',
      'event: content_block_start\ndata: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_2","name":"list","input":{}}}\n\n',
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":3}\n\n',
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89}}\n\n',
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    ].join(''),
    parts: [
      { type: 'reasoning-delta', text: 'Então' },
      ...text('Vou', ' buscar', ' já', ' "isso"'),
      { type: 'tool-call-delta', index: 0, id: 'toolu_1', name: 'search', arguments: '' },
      { type: 'tool-call-delta', index: 0, arguments: '{"q": "ã"}' },
      { type: 'tool-call-delta', index: 1, id: 'toolu_2', name: 'list', arguments: '' },
      { type: 'tool-call-delta', index: 1, arguments: '{}' },
      usage(25, 89),
      finish('tool_calls'),
    ],
  },
  {
    name: 'anthropic: a refusal, without message_stop',
    dialect: anthropicAnswer,
    wire: 'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":4,"output_tokens":2}}}\n\nevent: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"refusal"}}\n\n',
    parts: [usage(4, 2), finish('content_filter')],
  },
  {
    name: 'anthropic: a whole answer',
    dialect: anthropicAnswer,
    wire: '{"type":"message","content":[{"type":"text","text":"Oi"},{"type":"tool_use","id":"t1","name":"list","input":{"n":1}}],"stop_reason":"max_tokens","usage":{"input_tokens":4,"output_tokens":9}}',
    parts: [
      ...text('Oi'),
      { type: 'tool-call-delta', index: 0, id: 't1', name: 'list', arguments: '{"n":1}' },
      usage(4, 9),
      finish('length'),
    ],
  },
  {
    name: 'gemini: thoughts, text, a call without an id',
    dialect: geminiAnswer(new Map()),
    wire: [
      gemini(
        '"content": {"parts": [{"text": "Vejo","thought": true}],"role": "model"}',
        ',"usageMetadata": {"promptTokenCount": 4,"thoughtsTokenCount": 10}',
      ),
      gemini(
        '"content": {"parts": [{"text": "Olá, "},{"text": "São Paulo"}],"role": "model"}',
        ',"usageMetadata": {"promptTokenCount": 4,"candidatesTokenCount": 2,"thoughtsTokenCount": 10}',
      ),
      gemini(
        '"content": {"parts": [{"functionCall": {"name": "list","args": {"uf": "SP"}},"thoughtSignature": "CiQ"}],"role": "model"},"finishReason": "STOP"',
        ',"usageMetadata": {"promptTokenCount": 4,"candidatesTokenCount": 5,"thoughtsTokenCount": 10}',
      ),
    ].join(''),
    parts: [
      { type: 'reasoning-delta', text: 'Vejo' },
      ...text('Olá, ', 'São Paulo'),
      { type: 'tool-call-delta', index: 0, id: 'call_r-7_0', name: 'list', arguments: '{"uf":"SP"}' },
      usage(4, 15),
      finish('tool_calls'),
    ],
  },
  {
    name: 'gemini: a blocked prompt',
    dialect: geminiAnswer(new Map()),
    wire: 'data: {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},"usageMetadata": {"promptTokenCount": 3}}\r\n\r\n',
    parts: [usage(3, 0), finish('content_filter')],
  },
  {
    name: 'gemini: a list, as it comes without alt=sse, cut by a filter',
    dialect: geminiAnswer(new Map()),
    wire: '[{"candidates":[{"content":{"parts":[{"text":"Um"}]}}]}\n,\r\n{"candidates":[{"finishReason":"SAFETY"}]}\n]',
    parts: [...text('Um'), finish('content_filter')],
  },
]
