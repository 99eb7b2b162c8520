import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** What another cluster's control plane signs in with. */
export interface AccountToken {
  /** The token; a secret. */
  readonly token: pulumi.Output<string>;
  /** The API server's CA, base64 of PEM; a secret, as it comes with the token. */
  readonly authority: pulumi.Output<string>;
}

/** Arguments of {@link accountToken}. */
export interface AccountTokenArgs {
  /** For the message where no token comes. */
  readonly cluster: string;
  /** Whether the cluster does not answer: nothing is read there then, and both values are empty. */
  readonly lost: boolean;
  /** The account, in the namespace that the token's Secret is in too. */
  readonly account: kubernetes.core.v1.ServiceAccount;
  readonly namespace: string;
  /** Name of the Secret. */
  readonly secret: string;
}

/**
 * A token of a service account that does not end, as a Secret that a controller fills. Its id is an output of what causes
 * it, and unknown as long as that is not there, so that a first preview finds nothing missing.
 */
export function accountToken(name: string, args: AccountTokenArgs, parent: pulumi.Resource): AccountToken {
  const { account, namespace, secret, lost } = args;
  const annotations = { "kubernetes.io/service-account.name": account.metadata.name };
  const made = new kubernetes.core.v1.Secret(
    name,
    { metadata: { name: secret, namespace, annotations }, type: "kubernetes.io/service-account-token" },
    { parent, dependsOn: account },
  );
  if (lost) return { token: pulumi.secret(""), authority: pulumi.secret("") };
  const { data } = kubernetes.core.v1.Secret.get(`${name}-token`, made.id, { parent });
  return {
    token: pulumi.secret(data.apply((keys) => Buffer.from(keyOf("token", keys, args), "base64").toString("utf8"))),
    authority: pulumi.secret(data.apply((keys) => keyOf("ca.crt", keys, args))),
  };
}

/** @throws RunError where the controller has not written the key, unless it is only previewed. */
export function keyOf(
  key: "token" | "ca.crt",
  data: Readonly<Record<string, string>> | undefined,
  { cluster, namespace, secret }: Pick<AccountTokenArgs, "cluster" | "namespace" | "secret">,
): string {
  const value = data?.[key];
  if (value !== undefined) return value;
  if (pulumi.runtime.isDryRun()) return "";
  throw new pulumi.RunError(
    `cluster ${cluster}: Secret ${namespace}/${secret} has no ${key}; the controller that writes it ` +
      '(kube-controller-manager) does not answer, look at it and run "up" again',
  );
}
