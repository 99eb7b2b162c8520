import type { V1Container, V1Pod, V1PodSpec, V1SecurityContext } from "@kubernetes/client-node";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../../../components/addons/restricted";

/**
 * Pods as operators make them, as far as admission looks at them: containers, security contexts, volumes. Each says where
 * in the operator's source that is.
 */

const pod = (generateName: string, spec: V1PodSpec): V1Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { generateName },
  spec,
});

const container = (
  name: string,
  securityContext?: V1SecurityContext,
  image = `images.test/${name}:1`,
): V1Container => ({
  name,
  image,
  ...(securityContext === undefined ? {} : { securityContext }),
});

/** What the platform's own code says wherever a chart or an operator takes a security context. */
export const RESTRICTED: {
  readonly pod: NonNullable<V1PodSpec["securityContext"]>;
  readonly container: V1SecurityContext;
} = {
  pod: { ...RESTRICTED_POD },
  container: { ...RESTRICTED_CONTAINER, capabilities: { drop: [...RESTRICTED_CONTAINER.capabilities.drop] } },
};

/** What a template of a workflow says of its pods. */
export interface WorkflowTemplate {
  readonly serviceAccountName: string;
  readonly securityContext: V1PodSpec["securityContext"];
  readonly volumes: readonly { readonly name: string }[];
  readonly templates: readonly {
    readonly name: string;
    readonly script?: { readonly image: string; readonly securityContext: V1SecurityContext } & Partial<V1Container>;
    readonly resource?: object;
  }[];
}

/**
 * The pod of a step: Argo's containers take the executor's security context, the step's container its own, the pod that of
 * the workflow. Source: Argo Workflows, workflow/controller/workflowpod.go.
 */
export function workflowPod(template: WorkflowTemplate, step: string, executor?: V1SecurityContext): V1Pod {
  const { serviceAccountName, securityContext, templates, volumes } = template;
  const found = templates.find(({ name }) => name === step);
  if (found === undefined) throw new Error(`no step ${step}`);
  const { script, resource } = found;
  const claim = { name: "workspace", persistentVolumeClaim: { claimName: "build-workspace" } };
  const own = [claim, { name: "var-run-argo", emptyDir: {} }, { name: "argo-staging", emptyDir: {} }];
  const main = script && { name: "main", image: script.image, securityContext: script.securityContext };
  return pod(`build-${step}-`, {
    serviceAccountName,
    restartPolicy: "Never",
    securityContext,
    volumes: [...own, ...volumes],
    initContainers: resource === undefined ? [container("init", executor)] : [],
    containers: main === undefined ? [container("main", executor)] : [container("wait", executor), main],
  });
}

/** kpack's own security context of every container. Source: kpack, pkg/apis/build/v1alpha2/build_pod.go. */
const KPACK: V1SecurityContext = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  privileged: false,
  seccompProfile: { type: "RuntimeDefault" },
  capabilities: { drop: ["ALL"] },
};

/** The pod of a kpack Build: the steps of the lifecycle are init containers. Source: the same file. */
export function kpackBuildPod(serviceAccountName: string): V1Pod {
  const steps = ["prepare", "analyze", "detect", "restore", "build", "export"];
  const empty = ["cache-dir", "home-dir", "layers-dir", "platform-dir", "report-dir", "workspace-dir"];
  return pod("build-x-build-pod-", {
    serviceAccountName,
    restartPolicy: "Never",
    nodeSelector: { "kubernetes.io/os": "linux" },
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      fsGroup: 1000,
      runAsUser: 1002,
      runAsGroup: 1000,
    },
    volumes: [
      ...empty.map((name) => ({ name, emptyDir: {} })),
      { name: "secret-volume-0", secret: { secretName: "registry-login" } },
    ],
    initContainers: steps.map((name) => container(name, KPACK)),
    containers: [container("completion", KPACK)],
  });
}

/** A component's pod as a tenant should write it. */
export function tenantPod(): V1Pod {
  return pod("api-", { securityContext: RESTRICTED.pod, containers: [container("api", RESTRICTED.container)] });
}

/**
 * A pod with auto-instrumentation: the operator adds an init container with the security context of the Instrumentation, or
 * else of the pod's first container. Source: OpenTelemetry Operator, internal/instrumentation/sdk.go.
 */
export function instrumentedPod(initContainer?: V1SecurityContext): V1Pod {
  const plain = tenantPod();
  const volume = { name: "opentelemetry-auto-instrumentation-java", emptyDir: { sizeLimit: "200Mi" } };
  return {
    ...plain,
    spec: {
      containers: plain.spec?.containers ?? [],
      securityContext: plain.spec?.securityContext,
      volumes: [volume],
      initContainers: [
        container(
          "opentelemetry-auto-instrumentation-java",
          initContainer ?? plain.spec?.containers[0]?.securityContext,
        ),
      ],
    },
  };
}

/** The sidecar that the operator would instrument Go with. Source: the same folder, golang.go. */
export function goInstrumentedPod(): V1Pod {
  const plain = tenantPod();
  const sidecar = container("opentelemetry-auto-instrumentation", { runAsUser: 0, privileged: true });
  return {
    ...plain,
    spec: {
      securityContext: plain.spec?.securityContext,
      shareProcessNamespace: true,
      containers: [...(plain.spec?.containers ?? []), sidecar],
    },
  };
}

/** An instance of PostgreSQL. Source: CloudNativePG, pkg/specs/containers.go and pods.go. */
export function postgresqlPod(): V1Pod {
  const own: V1SecurityContext = { ...KPACK, readOnlyRootFilesystem: true };
  return pod("orders-", {
    securityContext: {
      seccompProfile: { type: "RuntimeDefault" },
      runAsUser: 26,
      runAsGroup: 26,
      runAsNonRoot: true,
      fsGroup: 26,
    },
    volumes: [
      { name: "pgdata", persistentVolumeClaim: { claimName: "orders-1" } },
      { name: "scratch-data", emptyDir: {} },
      { name: "shm", emptyDir: { medium: "Memory" } },
    ],
    initContainers: [container("bootstrap-controller", own)],
    containers: [container("postgres", own)],
  });
}

/** Security contexts that a database's object says; its operator puts them into its pods. */
export interface Contexts {
  readonly pod?: V1PodSpec["securityContext"];
  readonly container?: V1SecurityContext;
  readonly init?: V1SecurityContext;
}

/**
 * A member of MongoDB's replica set; what the object does not say gets the operator's defaults. Source: Percona Operator
 * for MongoDB, pkg/psmdb/statefulset.go and pkg/apis/psmdb/v1/psmdb_defaults.go.
 */
export function mongodbPod({ pod: ofPod, container: own, init }: Contexts): V1Pod {
  const user: V1SecurityContext = { runAsNonRoot: true, runAsUser: 1001 };
  return pod("carts-rs0-", {
    securityContext: ofPod ?? { fsGroup: 1001 },
    volumes: [{ name: "mongod-data", persistentVolumeClaim: { claimName: "mongod-data-carts-rs0-0" } }],
    initContainers: [container("mongo-init", init ?? own ?? user)],
    containers: [container("mongod", own ?? user), container("backup-agent", own ?? user)],
  });
}

/** A member of Redis. Source: redis-operator, internal/k8sutils/statefulset.go. */
export function redisPod({ pod: ofPod, container: own }: Contexts): V1Pod {
  return pod("sessions-", {
    securityContext: ofPod,
    volumes: [{ name: "sessions", persistentVolumeClaim: { claimName: "sessions-sessions-0" } }],
    containers: [container("sessions", own), container("redis-exporter", own)],
  });
}
