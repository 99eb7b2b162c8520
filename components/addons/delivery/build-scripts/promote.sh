# Promotion begins here: the new image goes into Git, and Argo CD brings it to the first environment. Whoever pushes at the
# same time is let first: the edit is then made anew on top of theirs, so there is nothing to merge.
if [ -z "$DEPLOY_REPOSITORY" ]; then
  echo "no repository that Argo CD reads: nothing to promote"
  exit 0
fi
if ! printf %s "$DEPLOY_KEY" | grep -qxE '(\.[A-Za-z0-9_-]+|\[[0-9]+\])+'; then
  echo "deploy-key is not the path of a value, such as .spec.container.image" >&2
  exit 1
fi
NEW_IMAGE=$IMAGE@$DIGEST
export NEW_IMAGE
rm -rf "$WORKSPACE/deploy"
git clone --quiet --depth 1 -- "$DEPLOY_REPOSITORY" "$WORKSPACE/deploy"
cd "$WORKSPACE/deploy"
for attempt in 1 2 3 4 5 6 7 8; do
  # A link would have the edit read and write another file, such as a login.
  case $(git --literal-pathspecs ls-files --stage -- "$DEPLOY_PATH") in
  100*) ;;
  *)
    echo "$DEPLOY_PATH is no file of the repository" >&2
    exit 1
    ;;
  esac
  yq --inplace "$DEPLOY_KEY = strenv(NEW_IMAGE)" "$DEPLOY_PATH"
  if git diff --quiet; then
    echo "the image is the one that Git has"
    exit 0
  fi
  git commit --quiet --all --message "$COMPONENT: image of $COMMIT"
  if git push --quiet; then exit 0; fi
  echo "attempt $attempt: someone else pushed first" >&2
  sleep "$attempt"
  git fetch --quiet --depth 1
  git reset --quiet --hard '@{upstream}'
done
exit 1
