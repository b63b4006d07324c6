#!/usr/bin/env bash
# usage: bash deploy/make-secrets.sh [folder]
# Makes the secrets of a deployment, a file each, in ./secrets: of those that are there already none is changed.
set -euo pipefail
folder=${1:-secrets}
mkdir -p "$folder"
# The folder keeps others out; in a container the files are read by users who are not their owner.
chmod 700 "$folder"
cd "$folder"
keep() { [ -s "$1" ] || { printf '%s' "$2" >"$1"; chmod 644 "$1"; }; }
random() { openssl rand -hex 24; }
for name in jwt_secret admin_password metrics_token postgres_password grafana_password; do keep "$name" "$(random)"; done
keep audit_signing_key "$(openssl genpkey -algorithm ed25519)"
keep database_url "postgres://tributary:$(cat postgres_password)@postgres:5432/tributary"
keep redis_url redis://redis:6379
