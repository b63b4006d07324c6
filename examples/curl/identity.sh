#!/usr/bin/env bash
# Who is signed in, and a ticket: good once, for what cannot send a header (EventSource, WebSocket, downloads).
. "$(dirname "$0")/common.sh"
call "$URL/api/v1/auth/session"; echo
ticket=$(call -X POST "$URL/api/v1/auth/tickets" | field ticket)
curl -sSf "$URL/api/v1/audit/export?format=csv&event_type=auth.login&ticket=$ticket" | sed -n 1p
