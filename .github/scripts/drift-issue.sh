#!/usr/bin/env bash
# Opens an issue about drift of a stack, or comments on the one that is open: drift-issue.sh <stack> <log of the preview>
# Needs gh, with a token that may write issues.
set -eu
stack=$1
log=$2
title="Drift of $stack"
body=$(mktemp)
{
  printf 'What runs differs from what the program of the default branch says, or could not be looked at:\n%s\n\n' \
    "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
  printf 'The end of the preview:\n\n```text\n'
  # Indented, so that no line ends the block.
  tail -n 60 "$log" | cut -c 1-500 | sed 's/^/  /'
  # shellcheck disable=SC2016
  printf '```\n\nEither bring the change into the settings, or run `pulumi up --refresh` to undo it.\n'
} >"$body"

open=$(gh issue list --state open --label drift --limit 100 --json number,title \
  --jq ".[] | select(.title == \"$title\") | .number" | head -n 1)
if [ -n "$open" ]; then
  gh issue comment "$open" --body-file "$body"
else
  gh label create drift --description "What runs is not what the program says" --force
  gh issue create --title "$title" --label drift --body-file "$body"
fi
