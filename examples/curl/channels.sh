#!/usr/bin/env bash
# Publications: sent, listed, and followed live from the beginning; the last one is waited for.
. "$(dirname "$0")/common.sh"
topic="topic:curl-$$"
for number in 1 2 3; do json "$URL/api/v1/channels/$topic/publications" -d "{\"number\":$number}" >/dev/null; done
call "$URL/api/v1/channels/$topic/history?limit=2"; echo
exec 3< <(exec curl -sSN -H "Authorization: Bearer $TOKEN" "$URL/api/v1/events?channel=$topic&recover=all")
follower=$!
sed '/"number":3/q' <&3
kill "$follower"
