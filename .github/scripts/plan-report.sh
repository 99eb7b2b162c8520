#!/usr/bin/env bash
# Plans a stack against a commit, for a pull request: plan-report.sh <stack> <commit> <folder>
# Writes <folder>/comment/report.md, and <folder>/plan/ with the page and the JSON. Ends as the plan ended: 3 where a
# mandatory policy is violated, 2 where settings are wrong, and then the report says what is.
set -u
stack=$1
against=$2
folder=$3
mkdir -p "$folder/comment" "$folder/plan"
report="$folder/comment/report.md"

# A commit that is older than the command has nothing to compare with.
compare=(--against "$against")
git cat-file -e "$against:plan/main.ts" 2>/dev/null || compare=()

npm run --silent plan -- "$stack" ${compare[@]+"${compare[@]}"} \
  --out "$report" --out "$folder/plan/$stack.html" --out "$folder/plan/$stack.json" 2>"$folder/problems.txt"
code=$?
cat "$folder/problems.txt" >&2

if [ ! -s "$report" ]; then
  # A line of three backticks would end the block: what is inside is indented.
  {
    # shellcheck disable=SC2016
    printf '## Plan of `%s`\n\n❌ It cannot be planned (exit code %s):\n\n```text\n' "$stack" "$code"
    head -c 20000 "$folder/problems.txt" | sed 's/^/  /'
    printf '\n```\n'
  } >"$report"
fi
exit "$code"
