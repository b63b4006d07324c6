#!/usr/bin/env bash
# The AI SDK's interface: a message of the user's, and the answer as a UI message stream.
. "$(dirname "$0")/common.sh"
json -N "$URL/api/v1/chat/ui" -d "{\"id\":\"ui-$$\",\"trigger\":\"submit-message\",\"messages\":[{\"id\":\"m-$$\",
  \"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Who are the largest suppliers?\"}]}]}"
