import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Folders } from "../folders";

/**
 * Writes the executable `aws` that kubeconfigs of EKS clusters call: it hands out the local clusters' credentials and
 * does nothing else, so that no rehearsal ever asks the real one.
 */
export function writeAwsCli({ bin, credentials }: Pick<Folders, "bin" | "credentials">): string {
  const path = join(bin, "aws");
  mkdirSync(bin, { recursive: true });
  writeFileSync(path, SCRIPT.replace("@CREDENTIALS@", `'${credentials.replaceAll("'", `'\\''`)}'`), { mode: 0o755 });
  return path;
}

/** A shell script, as it runs whenever a client connects. The codes are the AWS CLI's own. */
const SCRIPT = `#!/bin/sh
credentials=@CREDENTIALS@
fail() {
  echo "aws (stand-in of the rehearsal): $1" >&2
  exit "$2"
}
[ "$1 $2" = "eks get-token" ] || fail "only \\"aws eks get-token\\" is answered, not \\"aws $*\\"" 252
shift 2
name= region=
while [ $# -gt 0 ]; do
  case "$1" in
    --cluster-name | --region | --output | --profile | --role-arn)
      [ $# -ge 2 ] || fail "expected one argument after $1" 252
      option=$1 value=$2
      shift 2
      ;;
    --*=*) option=\${1%%=*} value=\${1#*=}; shift ;;
    *) fail "unknown options: $*" 252 ;;
  esac
  case "$option" in
    --cluster-name) name=$value ;;
    --region) region=$value ;;
    --output) [ "$value" = json ] || fail "the output is json, not $value" 252 ;;
    --profile | --role-arn) fail "$option names credentials, which a rehearsal has none of" 253 ;;
    *) fail "unknown options: $option" 252 ;;
  esac
done
[ -n "$name" ] || fail "the following arguments are required: --cluster-name" 252
[ -n "$region" ] || fail "You must specify a region." 253
file=$credentials/$region/$name.json
[ -f "$file" ] || fail "no EKS cluster $name in $region is rehearsed" 254
case "$KUBERNETES_EXEC_INFO" in
  *'"client.authentication.k8s.io/v1"'*) exec sed 's#k8s.io/v1beta1#k8s.io/v1#' "$file" ;;
  *) exec cat "$file" ;;
esac
`;
