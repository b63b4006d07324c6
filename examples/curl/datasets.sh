#!/usr/bin/env bash
# A file of contracts as a portal gives it: uploaded, understood, read back, deleted.
. "$(dirname "$0")/common.sh"
id=$(printf '%s\n' 'numero;fornecedor;valor;data de assinatura' '1/2024;Papelaria Sol;1.234,56;02/01/2024' \
  '2/2024;Papelaria Lua;2.345,67;03/01/2024' |
  call -X POST "$URL/api/v1/datasets?name=contratos.csv" -H 'Content-Type: text/csv' --data-binary @- | field dataset_id)
call "$URL/api/v1/datasets/$id"; echo
call "$URL/api/v1/datasets/$id/contracts?limit=2"; echo
call -X DELETE "$URL/api/v1/datasets/$id"
