# BuildKit without root and without a daemon. The image has a tag, as registries remove images that nothing names.
source=$(cd "$WORKSPACE/source" && pwd -P)
context=$(cd "$source/$SOURCE_PATH" && pwd -P)
case $context/ in
"$source"/*) ;;
*)
  # A link in the source could name the folder with the registry's login.
  echo "$SOURCE_PATH leads out of the source" >&2
  exit 1
  ;;
esac
buildctl-daemonless.sh build --frontend dockerfile.v0 --local "context=$context" --local "dockerfile=$context" \
  --output "type=image,name=$IMAGE:$TAG,push=true,registry.insecure=$INSECURE" --metadata-file "$WORKSPACE/built.json"
sed -n 's/.*"containerimage.digest": *"\(sha256:[0-9a-f]*\)".*/\1/p' "$WORKSPACE/built.json" >"$WORKSPACE/digest"
if [ ! -s "$WORKSPACE/digest" ]; then
  echo "BuildKit did not say the image's digest" >&2
  exit 1
fi
