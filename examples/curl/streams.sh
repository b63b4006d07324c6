#!/usr/bin/env bash
# What runs and what ran; the newest stream told again, and the rest of it behind a position.
. "$(dirname "$0")/common.sh"
json "$URL/api/v1/chat/message" -d '{"message":"hello"}' >/dev/null
id=$(call "$URL/api/v1/streams?limit=1" | field stream_id)
call "$URL/api/v1/streams/$id"; echo
told=$(call -N "$URL/api/v1/streams/$id/events")
echo "$told"
position=$(sed -n 's/^id: //p' <<<"$told" | sed -n 1p)
echo "behind $position:"
call -N "$URL/api/v1/streams/$id/events" -H "Last-Event-ID: $position"
