#!/usr/bin/env bash
# An answer as it comes, the same conversation's next answer as a whole, and what was said in it.
. "$(dirname "$0")/common.sh"
session="curl-$$"
json -N "$URL/api/v1/chat/stream" -d "{\"message\":\"Who are the largest suppliers?\",\"session_id\":\"$session\"}"
json "$URL/api/v1/chat/message" -d "{\"message\":\"And the largest buyers?\",\"session_id\":\"$session\"}"; echo
call "$URL/api/v1/chat/sessions/$session/messages?limit=10"; echo
