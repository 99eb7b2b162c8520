# The key is plain PEM in its Secret; cosign reads only keys of its own format, encrypted.
cd "$(mktemp -d)"
COSIGN_PASSWORD=$(head -c 24 /dev/urandom | base64)
export COSIGN_PASSWORD
cosign import-key-pair --key "$SIGNING_KEY" --output-key-prefix signer --yes
if [ "$INSECURE" = true ]; then set -- --allow-insecure-registry --allow-http-registry; else set --; fi
cosign sign --key signer.key --tlog-upload=false --yes "$@" -a "component=$COMPONENT" -a "commit=$COMMIT" "$IMAGE@$DIGEST"
