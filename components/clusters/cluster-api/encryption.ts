import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";

/** Where the API server finds how it encrypts Secrets before etcd has them. */
const FOLDER = "/etc/kubernetes/encryption";
const FILE = `${FOLDER}/configuration.yaml`;
const KEY = "configuration.yaml";

/** Name of the Secret with it, on the control cluster. */
export function encryptionSecret(physicalName: string): string {
  return `${physicalName}-encryption`;
}

/**
 * What kubeadm tells a control plane, so that its API servers encrypt Secrets at rest. Source: Kubernetes, "Encrypting
 * Confidential Data at Rest"; Cluster API, KubeadmConfig v1beta2.
 */
export function encryptionAtRest(physicalName: string) {
  const volume = { name: "encryption", hostPath: FOLDER, mountPath: FOLDER, readOnly: true, pathType: "Directory" };
  return {
    clusterConfiguration: {
      apiServer: { extraArgs: [{ name: "encryption-provider-config", value: FILE }], extraVolumes: [volume] },
    },
    files: [
      {
        path: FILE,
        owner: "root:root",
        permissions: "0600",
        contentFrom: { secret: { name: encryptionSecret(physicalName), key: KEY } },
      },
    ],
  };
}

/** Arguments of {@link makeEncryptionSecret}. */
export interface EncryptionSecretArgs {
  readonly physicalName: string;
  readonly namespace: string;
}

/** Makes the key, and the Secret that machines of the control plane get it by. The key never changes: what it encrypted stays. */
export function makeEncryptionSecret(
  name: string,
  { physicalName, namespace }: EncryptionSecretArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  const { base64 } = new random.RandomBytes(
    `${name}-key`,
    { length: 32 },
    { parent: opts.parent, protect: opts.protect },
  );
  const labels = { "cluster.x-k8s.io/cluster-name": physicalName };
  return new kubernetes.core.v1.Secret(
    name,
    {
      metadata: { name: encryptionSecret(physicalName), namespace, labels },
      stringData: { [KEY]: pulumi.secret(base64.apply(configuration)) },
    },
    opts,
  );
}

/** What was written before it was encrypted can still be read. */
function configuration(secret: string): string {
  return stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      { resources: ["secrets"], providers: [{ secretbox: { keys: [{ name: "key-1", secret }] } }, { identity: {} }] },
    ],
  });
}
