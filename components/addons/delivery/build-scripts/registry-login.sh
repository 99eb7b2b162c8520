# ECR takes a token that is good for twelve hours; the pod's identity gets it.
umask 077
mkdir -p "$DOCKER_CONFIG"
password=$(aws ecr get-login-password --region "$AWS_REGION")
auth=$(printf 'AWS:%s' "$password" | base64 | tr -d '\n')
printf '{"auths":{"%s":{"auth":"%s"}}}\n' "$REGISTRY_HOST" "$auth" >"$DOCKER_CONFIG/config.json"
