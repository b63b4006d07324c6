#!/usr/bin/env bash
# The audit log: its newest events, the log as a file, and the proof that nobody changed it.
. "$(dirname "$0")/common.sh"
call "$URL/api/v1/audit/events?limit=3"; echo
call "$URL/api/v1/audit/export?format=csv&severity=medium,high,critical"
call "$URL/api/v1/audit/verify"; echo
