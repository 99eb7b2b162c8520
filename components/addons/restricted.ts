/** What Pod Security "restricted" asks of a pod, for charts that leave it empty. */
export const RESTRICTED_POD = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } as const;

/** What Pod Security "restricted" asks of a container, for charts that leave it empty. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} as const;
