import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { defineAddon } from "../addon";
import { PINS } from "../charts";
import type { AddonScope, InstallArgs } from "../contract";
import type { Kind } from "../gate";
import type { Monitoring } from "../monitoring";
import { BUILD_IMAGES, BUILDPACKS } from "./images";
import { BUILDER } from "./names";
import { dockerConfig, pushIdentity, registryOf } from "./registry";

/** kpack's own namespace, which its manifest makes. */
const NAMESPACE = "kpack";

/** Service account of its controller, by the manifest. */
const CONTROLLER = "controller";

const KINDS: readonly (readonly [kind: string, plural: string, scope: Kind["scope"]])[] = [
  ["Image", "images", "Namespaced"],
  ["Build", "builds", "Namespaced"],
  ["Builder", "builders", "Namespaced"],
  ["ClusterBuilder", "clusterbuilders", "Cluster"],
  ["ClusterStack", "clusterstacks", "Cluster"],
  ["ClusterStore", "clusterstores", "Cluster"],
];

const config = () =>
  z
    .strictObject({ enabled: z.boolean().default(true) })
    .describe("kpack: images from source by buildpacks, and the builder `choreo-builder`.");
type KpackConfig = z.output<ReturnType<typeof config>>;

/** What Pod Security lets kpack's controllers do; the manifest says nothing of it. */
const labelled: pulumi.ResourceTransform = ({ type, props, opts }) => {
  if (type !== "kubernetes:core/v1:Namespace") return undefined;
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };
  return {
    props: { ...props, metadata: { ...props.metadata, labels: { ...props.metadata?.labels, ...labels } } },
    opts,
  };
};

/** kpack is published as one manifest, and has no chart. */
function install({ name, chart, opts }: InstallArgs<KpackConfig>): pulumi.Resource {
  return new kubernetes.yaml.v2.ConfigFile(name, { file: chart.chart }, { ...opts, transforms: [labelled] });
}

function resources(scope: AddonScope<KpackConfig>): pulumi.Resource[] {
  const registry = registryOf(scope);
  if (registry === undefined) return [];
  const { name, opts } = scope;
  const object = (why: string, kind: string, spec: object, more: pulumi.Resource[] = []) =>
    new kubernetes.apiextensions.CustomResource(
      `${name}-${why}`,
      { apiVersion: "kpack.io/v1alpha2", kind, metadata: { name: BUILDER }, spec },
      {
        ...opts,
        dependsOn: pulumi.all([opts.dependsOn ?? [], more]).apply(([a, b]) => [...[a].flat(), ...b]) as never,
      },
    );
  const account = pusher(scope, dockerConfig(registry));
  const store = object("store", "ClusterStore", { sources: BUILDPACKS.map(({ image }) => ({ image })) });
  const stack = object("stack", "ClusterStack", {
    id: "io.buildpacks.stacks.jammy",
    buildImage: { image: BUILD_IMAGES.stackBuild },
    runImage: { image: BUILD_IMAGES.stackRun },
  });
  const builder = object(
    "builder",
    "ClusterBuilder",
    {
      serviceAccountRef: { name: BUILDER, namespace: NAMESPACE },
      tag: pulumi.interpolate`${registry.prefix}/${BUILDER}`,
      stack: { name: BUILDER, kind: "ClusterStack" },
      store: { name: BUILDER, kind: "ClusterStore" },
      order: BUILDPACKS.map(({ id }) => ({ group: [{ id }] })),
    },
    [...account, store, stack],
  );
  return [...account, store, stack, builder];
}

/** Who pushes the builder's own image. */
function pusher({ name, opts }: AddonScope<KpackConfig>, login: pulumi.Output<string> | undefined): pulumi.Resource[] {
  const secret = login === undefined ? [] : [registrySecret(name, login, opts)];
  const secrets = secret.map(({ metadata }) => ({ name: metadata.name }));
  const metadata = { name: BUILDER, namespace: NAMESPACE };
  const account = new kubernetes.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata, secrets, imagePullSecrets: secrets },
    opts,
  );
  return [...secret, account];
}

function registrySecret(name: string, login: pulumi.Output<string>, opts: pulumi.CustomResourceOptions) {
  const metadata = { name: "registry-login", namespace: NAMESPACE };
  const stringData = { ".dockerconfigjson": login };
  return new kubernetes.core.v1.Secret(
    `${name}-registry`,
    { metadata, type: "kubernetes.io/dockerconfigjson", stringData },
    opts,
  );
}

export const kpack = defineAddon({
  name: "kpack",
  key: "kpack",
  title: "Images from source by buildpacks",
  chart: PINS.kpack,
  namespace: { name: NAMESPACE },
  form: "objects",
  on: ({ planes }) => planes.includes("workflow"),
  needs: ["cilium"],
  uses: ["registry"],
  kinds: KINDS.map(([kind, plural, scope]) => ({
    group: "kpack.io",
    version: "v1alpha2",
    kind,
    plural,
    scope,
    registeredBy: "release" as const,
  })),
  config,
  values: () => ({}),
  workloads: () => [
    { kind: "Deployment", namespace: NAMESPACE, name: "kpack-controller" },
    { kind: "Deployment", namespace: NAMESPACE, name: "kpack-webhook" },
  ],
  // The controller itself pushes the builder, and reads what was built; an account of a builder names Secrets alone.
  identities: (target) => pushIdentity(target, { namespace: NAMESPACE, serviceAccount: CONTROLLER }),
  install,
  resources,
  monitoring: (): Monitoring => ({
    scrapes: [{ name: "controller", of: "pods", labels: { app: "kpack-controller" }, port: "metrics" }],
  }),
});
