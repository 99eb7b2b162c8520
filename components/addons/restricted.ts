/** What Pod Security "restricted" asks of a pod, for charts that leave it empty. */
export const RESTRICTED_POD = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } as const;

/** What Pod Security "restricted" asks of a container, for charts that leave it empty. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} as const;

/** The security of a pod that runs as one user, as Pod Security "restricted" asks. */
export function restrictedPod(user: number) {
  return { ...RESTRICTED_POD, runAsUser: user, runAsGroup: user, fsGroup: user };
}
