#!/usr/bin/env bash
# The interfaces of the documents, each in its own words: named events, a chat of its own, raw text, prompts.
. "$(dirname "$0")/common.sh"
call -N "$URL/api/stream/chat?message=hello"
call "$URL/api/stream/status"; echo
json -N "$URL/stream/chat" -d '{"message":"hello"}'
json -N "$URL/api/chat/stream" -d "{\"chatSessionId\":\"curl-text-$$\",\"content\":\"hello\"}"; echo
id=$(json "$URL/api/prompts" -d '{"title":"Greeting","content":"Say hello to {{name}}"}' | sed 's/.*"id":\([0-9]*\).*/\1/')
json -N "$URL/api/prompts/execute/stream" -d "{\"promptId\":$id,\"variables\":{\"name\":\"Ana\"}}"
call -X DELETE "$URL/api/prompts/$id"
