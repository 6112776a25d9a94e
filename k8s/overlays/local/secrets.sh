#!/usr/bin/env bash
# Makes what doc/operations/kubernetes.md names, for a trial on one's own machine: passwords, keys and a token issuer in
# .dome/k8s, which git ignores. Needs kubectl, openssl and a running ./dome (./dome up), whose issuer signs the tokens.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
keys="$root/.dome/keys"
work="$root/.dome/k8s"
umask 077
mkdir -p "$work"
[[ -f "$keys/issuer-public.pem" ]] || { echo "error: no issuer in $keys: run ./dome up first" >&2; exit 1; }

# The secret of that name, made at first use.
secret() {
  [[ -f "$work/$1" ]] || openssl rand -hex 24 | tr -d '\n' > "$work/$1"
  printf '%s' "$work/$1"
}

apply() {
  kubectl -n dome "$@" --dry-run=client -o yaml | kubectl apply -f -
}

kubectl get namespace dome > /dev/null 2>&1 || kubectl create namespace dome
: > "$work/passwords.conf"
migrate=(--from-file=admin-password="$(secret postgres-admin)")
for service in ingest state-controller retry-scheduler provenance audit-export; do
  own=(--from-file=nats-password="$(secret "nats-$service")")
  variable="$(tr 'a-z-' 'A-Z_' <<< "$service")_PASSWORD"
  printf '%s: "%s"\n' "$variable" "$(cat "$(secret "nats-$service")")" >> "$work/passwords.conf"
  case "$service" in
    ingest) own+=(--from-file=idempotency-hmac.key="$keys/idempotency-hmac.key") ;;
    *)
      own+=(--from-file=postgres-password="$(secret "postgres-$service")")
      migrate+=(--from-file="$service-password=$(secret "postgres-$service")")
      ;;
  esac
  if [[ "$service" == retry-scheduler ]]; then
    own+=(--from-file=webhook-secrets.key="$keys/webhook-secrets.key")
  fi
  if [[ "$service" == provenance ]]; then
    own+=(--from-file=statements.pem="$keys/statements.pem" --from-file=log.pem="$keys/log.pem")
  fi
  case "$service" in
    ingest | state-controller) ;;
    *)
      "$root/dome" token --sub "$service" --namespace dome-system --role auditor --minutes 43200 > "$work/$service.token"
      own+=(--from-file=state-controller.token="$work/$service.token")
      ;;
  esac
  apply create secret generic "dome-$service" "${own[@]}"
done
apply create secret generic dome-migrate "${migrate[@]}"
apply create secret generic dome-nats --from-file=passwords.conf="$work/passwords.conf"
apply create configmap dome-issuer --from-file=public-key="$keys/issuer-public.pem"
