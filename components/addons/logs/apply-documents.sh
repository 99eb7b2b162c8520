#!/bin/sh
# Brings a REST API to what the documents of a folder say, and may do so again and again. The first line of a document
# says how and where, the rest of it is the body:
#
#   put <path>                PUT, whatever is there
#   put-versioned <path>      PUT; over what is there already at the version that it has (index state policies)
#   post-versioned <path>     the same, but what is not there yet is made by POST (snapshot policies)
#   channel <path> <id>       POST to make it, PUT to change it (notification channels)
#   monitor <path> <name>     the same; the service chooses the id, so it is found by its name (alerting monitors)
#   post <path>               POST, each time
#   import <path> <tenant>    POST as a file (saved objects of Dashboards, in the space of a tenant)
#
# What an earlier run made and the documents no longer say is removed: each run leaves its list of paths in the index
# `choreo-documents`. A folder with imports alone leaves none.
set -eu

: "${BASE_URL:?}" "${READY_PATH:?}" "${USERNAME:?}" "${PASSWORD:?}" "${CA_FILE:?}"
documents=${DOCUMENTS:-/documents}
record=${RECORD_PATH:-}
wait_seconds=${WAIT_SECONDS:-600}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
# In a file, as arguments of processes can be read by others.
printf 'user = "%s:%s"\n' "$USERNAME" "$PASSWORD" >"$work/login"
: >"$work/applied"
status=000
retries=6

# call <method> <path> [<file of the body>]: sets $status, and leaves the answer in $work/answer.
call() {
  method=$1
  path=$2
  body=${3:-}
  set -- --silent --show-error --max-time 60 --retry "$retries" --retry-connrefused --cacert "$CA_FILE" \
    --request "$method" --output "$work/answer" --write-out '%{http_code}'
  case $path in
  # Only the holder of the administrator's certificate changes reserved users and roles.
  /_plugins/_security/*) set -- "$@" --cert "$CLIENT_CERT" --key "$CLIENT_KEY" ;;
  *) set -- "$@" --config "$work/login" ;;
  esac
  case $method,$body in
  *,) ;;
  IMPORT,*) set -- "$@" --request POST --form "file=@$body" --header 'osd-xsrf: true' --header "securitytenant: $name" ;;
  *) set -- "$@" --header 'Content-Type: application/json' --data-binary "@$body" ;;
  esac
  : >"$work/answer"
  status=$(curl "$@" "$BASE_URL$path") || status=000
}

# must <what>: fails unless the last call went well.
must() {
  case $status in
  2??) echo "$1: $status" ;;
  *)
    echo "$1: $status $(head -c 2000 "$work/answer")" >&2
    exit 1
    ;;
  esac
}

# field <name>: the value of a field of the last answer, the last where there are several.
field() {
  sed -n 's/.*"'"$1"'" *: *"\{0,1\}\([^",}]*\).*/\1/p' "$work/answer" | tail -n 1
}

applied() { echo "$1" >>"$work/applied"; }

wait_ready() {
  retries=0
  until call GET "$READY_PATH" && [ "$status" = 200 ]; do
    if [ "$wait_seconds" -le 0 ]; then
      echo "$BASE_URL$READY_PATH: $status, and no more time to wait" >&2
      exit 1
    fi
    sleep 5
    wait_seconds=$((wait_seconds - 5))
  done
  retries=6
}

apply_versioned() {
  call GET "$2"
  case $status in
  200) call PUT "$2?if_seq_no=$(field _seq_no)&if_primary_term=$(field _primary_term)" "$3" ;;
  404) call "$1" "$2" "$3" ;;
  esac
  must "$2"
  applied "$2"
}

apply_channel() {
  call GET "$1/$2"
  case $status in
  200) call PUT "$1/$2" "$3" ;;
  404) call POST "$1" "$3" ;;
  esac
  must "$1/$2"
  applied "$1/$2"
}

apply_monitor() {
  printf '{"size":1,"query":{"term":{"monitor.name.keyword":"%s"}}}' "$2" >"$work/search"
  call POST "$1/_search" "$work/search"
  # Before the first monitor there is no index to search in.
  case $status in 404) : >"$work/answer" ;; *) must "$1: search for $2" ;; esac
  id=$(field _id)
  if [ -n "$id" ]; then call PUT "$1/$id" "$3"; else call POST "$1" "$3"; fi
  must "$1: $2"
  applied "$1/${id:-$(field _id)}"
}

apply() {
  read -r verb path name <"$1"
  sed 1d "$1" >"$work/body"
  case $verb in
  put)
    call PUT "$path" "$work/body"
    must "$path"
    applied "$path"
    ;;
  put-versioned) apply_versioned PUT "$path" "$work/body" ;;
  post-versioned) apply_versioned POST "$path" "$work/body" ;;
  channel) apply_channel "$path" "$name" "$work/body" ;;
  monitor) apply_monitor "$path" "$name" "$work/body" ;;
  post)
    call POST "$path" "$work/body"
    must "$path"
    ;;
  import)
    mv "$work/body" "$work/objects.ndjson"
    call IMPORT "$path" "$work/objects.ndjson"
    must "$path"
    if ! grep -q '"success":true' "$work/answer"; then
      head -c 2000 "$work/answer" >&2
      exit 1
    fi
    ;;
  *)
    echo "$1: no way to apply \"$verb\"" >&2
    exit 1
    ;;
  esac
}

# Removes what is in the record and was not applied now, the last first, as later documents build on earlier ones. What
# cannot be removed yet stays in the record.
prune() {
  call GET "$record"
  case $status in
  200) tr ',' '\n' <"$work/answer" | sed -n 's/.*"\(\/[^"]*\)".*/\1/p' | sed '1!G;h;$!d' >"$work/before" ;;
  404) : >"$work/before" ;;
  *) must "$record" ;;
  esac
  cp "$work/applied" "$work/record"
  while read -r old; do
    if grep -qxF "$old" "$work/applied"; then continue; fi
    call DELETE "$old"
    case $status in
    2?? | 404) echo "removed $old" ;;
    *)
      echo "not removed yet: $old: $status $(head -c 500 "$work/answer")" >&2
      echo "$old" >>"$work/record"
      ;;
    esac
  done <"$work/before"
  {
    printf '{"paths":['
    sed 's/.*/"&"/' "$work/record" | paste -s -d , -
    printf ']}'
  } >"$work/body"
  call PUT "$(echo "$record" | sed 's|/_source/|/_doc/|')" "$work/body"
  must "$record"
}

wait_ready
for document in "$documents"/*; do
  apply "$document"
done
if [ -n "$record" ]; then prune; fi
