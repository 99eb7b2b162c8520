# Findings of these severities stop the build, where there is something to do about them.
trivy image --cache-dir "$WORKSPACE/trivy" --severity "$SEVERITIES" --ignore-unfixed --exit-code 1 "$IMAGE@$DIGEST"
