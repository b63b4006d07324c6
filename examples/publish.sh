#!/usr/bin/env bash
# Publishes each line of its input, a JSON value, to a topic; a line that is sent again within five minutes counts once.
# usage: publish.sh topic:<name> < lines.ndjson
. "$(dirname "$0")/curl/common.sh"
channel=$1
run="$(date +%s)-$$"
number=0
while IFS= read -r line; do
  number=$((number + 1))
  json --retry 5 --retry-connrefused "$URL/api/v1/channels/$channel/publications" \
    -H "Idempotency-Key: $run-$number" -d "$line"
  echo
done
