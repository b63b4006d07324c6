#!/usr/bin/env bash
# An investigation: started, followed to its end, its worst findings, and a report for people.
. "$(dirname "$0")/common.sh"
id=$(json "$URL/api/v1/investigations" -d '{"query":"everything","dataset_id":"sample"}' | field investigation_id)
call -N "$URL/api/v1/investigations/stream/$id"
call "$URL/api/v1/investigations/$id/anomalies?severity=critical&limit=3"; echo
call "$URL/api/v1/investigations/$id/report?format=md"
