# What the steps that use Git have in common; it comes before their own lines.
#
# A host that the platform's settings name gets its own login, and no other host gets any: a tenant chooses the source's
# URL. For the same reason no redirect is followed, which could lead to another tenant's repository on such a host.
export GIT_TERMINAL_PROMPT=0
git config --global --replace-all safe.directory '*'
git config --global http.followRedirects false
git config --global user.name choreo-build-deploy
git config --global user.email builds@openchoreo.dev
for login in "$GIT_LOGINS"/*; do
  if [ -f "$login/password" ]; then
    git config --global "credential.https://$(basename "$login").helper" \
      "!f() { echo \"username=\$(cat '$login/username')\"; echo \"password=\$(cat '$login/password')\"; }; f"
  fi
done
