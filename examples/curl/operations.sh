#!/usr/bin/env bash
# Is it well, what does it do now, and what has it counted?
. "$(dirname "$0")/common.sh"
call "$URL/health/ready"; echo
call "$URL/api/v1/observability"; echo
call "$URL/metrics" | grep -E '^(stream_chat_started|stream_chat_completed|sse_connections|websocket_connections)'
