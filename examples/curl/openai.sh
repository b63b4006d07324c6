#!/usr/bin/env bash
# OpenAI's interface: the models, and an answer as it comes.
. "$(dirname "$0")/common.sh"
call "$URL/v1/models"; echo
json -N "$URL/v1/chat/completions" \
  -d '{"model":"tributary","stream":true,"messages":[{"role":"user","content":"Who are the largest suppliers?"}]}'
