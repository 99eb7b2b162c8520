# Checks the source out and says what of it is built. A tag of an image is never used twice, as tags do not move; it names
# the commit, and the time, as the same commit is built again when a base image changed.
git clone --filter=blob:none --no-checkout -- "$REPOSITORY" "$WORKSPACE/source"
cd "$WORKSPACE/source"
commit=$(git rev-parse --verify --quiet "origin/$REVISION^{commit}" || git rev-parse --verify "$REVISION^{commit}")
git checkout --quiet --detach "$commit"
printf %s "$commit" >"$WORKSPACE/commit"
printf %s "$commit-$(date +%s)" >"$WORKSPACE/tag"
