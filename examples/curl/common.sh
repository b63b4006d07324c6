# Read by the scripts beside it: the service's address, a token, and curl that stops at the first refusal.
set -euo pipefail
URL="${TRIBUTARY_URL:-http://localhost:8000}"
TOKEN="${TRIBUTARY_TOKEN:-}"
if [ -z "$TOKEN" ]; then
  TOKEN=$(curl -sSf "$URL/auth/login" -H 'Content-Type: application/json' \
    -d "{\"username\":\"$TRIBUTARY_USERNAME\",\"password\":\"$TRIBUTARY_PASSWORD\"}" |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/')
fi
call() { curl -sS --fail-with-body -H "Authorization: Bearer $TOKEN" "$@"; }
json() { call -H 'Content-Type: application/json' "$@"; }
# The text of one field of a JSON answer.
field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
