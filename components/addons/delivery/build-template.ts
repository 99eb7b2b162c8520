import { BUILD_IMAGES } from "./images";
import { BUILD_ACCOUNT, BUILD_TEMPLATE, BUILDER, GIT_LOGIN, REGISTRY_LOGIN, SIGNING_KEY } from "./names";

/** Severities of findings that stop a build. */
const STOPPING = "CRITICAL,HIGH";

/** What a build is told; every one is text, as workflows have them. */
const PARAMETERS: readonly (readonly [name: string, description: string, value?: string])[] = [
  ["component", "Name of the component: tenant, project and component joined by dots."],
  ["repository", "HTTPS URL of the source."],
  ["revision", "Branch, tag or commit of the source.", "main"],
  ["path", "Folder of the component in the source.", "."],
  ["build", "How it is built: buildpacks or dockerfile.", "buildpacks"],
  ["image", "Image without a tag, such as registry.example.com/shop/api."],
  ["deploy-repository", "HTTPS URL of the repository that Argo CD reads."],
  ["deploy-path", "File in it that names the image, and where promotion begins."],
  ["deploy-key", "Path of the image in that file, as yq spells it.", ".spec.container.image"],
];

/** How long a build may take as a whole, in seconds. */
const DEADLINE = 3600;

/** Where the steps of one build keep the source and what they tell each other. */
const WORKSPACE = { name: "workspace", mountPath: "/workspace" };
const SOURCE = "/workspace/source/{{workflow.parameters.path}}";

const RESTRICTED = {
  runAsUser: 1000,
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** A shell step in an image; the script stops at the first failure. */
function script(name: string, image: string, lines: readonly string[], more: object = {}) {
  return {
    name,
    script: {
      image,
      command: ["sh", "-euc"],
      source: `${lines.join("\n")}\n`,
      securityContext: RESTRICTED,
      volumeMounts: [WORKSPACE],
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } },
      ...more,
    },
  };
}

const fromWorkflow = (name: string) => `{{workflow.parameters.${name}}}`;
const IMAGE = `${fromWorkflow("image")}@{{inputs.parameters.digest}}`;
const DIGEST = { parameters: [{ name: "digest" }] };

/** Git asks for its password here; the Secret is absent where the source is public. */
const GIT = [
  'if [ -f /git/password ]; then git config --global credential.helper "!f() { echo username=$(cat /git/username); echo password=$(cat /git/password); }; f"; fi',
  'git config --global --add safe.directory "*"',
];
const GIT_MOUNTS = {
  env: [{ name: "HOME", value: "/workspace" }],
  volumeMounts: [WORKSPACE, { name: "git", mountPath: "/git" }],
};
const REGISTRY_MOUNTS = {
  env: [{ name: "DOCKER_CONFIG", value: "/registry" }],
  volumeMounts: [WORKSPACE, { name: "registry", mountPath: "/registry" }],
};

const checkout = script(
  "checkout",
  BUILD_IMAGES.tools,
  [
    ...GIT,
    `git clone --filter=blob:none "${fromWorkflow("repository")}" /workspace/source`,
    `git -C /workspace/source checkout --detach "${fromWorkflow("revision")}"`,
    "git -C /workspace/source rev-parse HEAD > /workspace/commit",
  ],
  GIT_MOUNTS,
);

/** kpack builds; the step ends when the image is there, or cannot be built. */
const buildpacks = {
  name: "buildpacks",
  outputs: {
    parameters: [{ name: "digest", valueFrom: { jqFilter: '.status.latestImage | split("@") | .[1]' } }],
  },
  resource: {
    action: "apply",
    successCondition: "status.conditions.0.status == True",
    failureCondition: "status.conditions.0.status == False",
    manifest: JSON.stringify({
      apiVersion: "kpack.io/v1alpha2",
      kind: "Image",
      metadata: { name: fromWorkflow("component"), labels: { "choreo.dev/component": fromWorkflow("component") } },
      spec: {
        tag: fromWorkflow("image"),
        serviceAccountName: BUILD_ACCOUNT,
        builder: { kind: "ClusterBuilder", name: BUILDER },
        source: {
          git: { url: fromWorkflow("repository"), revision: fromWorkflow("revision") },
          subPath: fromWorkflow("path"),
        },
      },
    }),
  },
};

/** BuildKit without root and without a daemon; it pushes by digest. */
function dockerfile(insecure: boolean) {
  const output = `type=image,name=${fromWorkflow("image")},push=true,push-by-digest=true${insecure ? ",registry.insecure=true" : ""}`;
  const built = script(
    "dockerfile",
    BUILD_IMAGES.buildkit,
    [
      `buildctl-daemonless.sh build --frontend dockerfile.v0 --local context=${SOURCE} --local dockerfile=${SOURCE} --output ${output} --metadata-file /workspace/built.json`,
      `sed -n 's/.*"containerimage.digest": *"\\(sha256:[0-9a-f]*\\)".*/\\1/p' /workspace/built.json > /workspace/digest`,
    ],
    {
      env: [...REGISTRY_MOUNTS.env, { name: "BUILDKITD_FLAGS", value: "--oci-worker-no-process-sandbox" }],
      volumeMounts: REGISTRY_MOUNTS.volumeMounts,
      securityContext: {
        runAsUser: 1000,
        runAsGroup: 1000,
        runAsNonRoot: true,
        seccompProfile: { type: "Unconfined" },
        appArmorProfile: { type: "Unconfined" },
      },
      resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "4Gi" } },
    },
  );
  return { ...built, outputs: { parameters: [{ name: "digest", valueFrom: { path: "/workspace/digest" } }] } };
}

/** One of the two ways; what comes after takes the digest of whichever ran. */
const buildImage = {
  name: "build-image",
  outputs: {
    parameters: [
      {
        name: "digest",
        valueFrom: {
          expression:
            'steps["with-buildpacks"]?.status == "Succeeded" ? steps["with-buildpacks"].outputs.parameters.digest : steps["with-dockerfile"].outputs.parameters.digest',
        },
      },
    ],
  },
  steps: [
    [{ name: "checkout", template: "checkout" }],
    [
      { name: "with-buildpacks", template: "buildpacks", when: `${fromWorkflow("build")} == buildpacks` },
      { name: "with-dockerfile", template: "dockerfile", when: `${fromWorkflow("build")} == dockerfile` },
    ],
  ],
};

const scan = (insecure: boolean) => ({
  ...script(
    "scan",
    BUILD_IMAGES.scanner,
    [`trivy image --cache-dir /workspace/trivy --severity ${STOPPING} --ignore-unfixed --exit-code 1 "${IMAGE}"`],
    { ...REGISTRY_MOUNTS, env: [...REGISTRY_MOUNTS.env, { name: "TRIVY_NON_SSL", value: String(insecure) }] },
  ),
  inputs: DIGEST,
});

/** The key is plain PEM in its Secret; cosign reads only keys of its own format, encrypted. */
const sign = (insecure: boolean) => ({
  ...script(
    "sign",
    BUILD_IMAGES.cosign,
    [
      "cd /tmp",
      "export COSIGN_PASSWORD=$(head -c 24 /dev/urandom | base64)",
      "cosign import-key-pair --key /signing/key.pem --output-key-prefix signer --yes",
      `cosign sign --key signer.key --tlog-upload=false --yes${insecure ? " --allow-insecure-registry --allow-http-registry" : ""} -a component="${fromWorkflow("component")}" -a commit="$(cat /workspace/commit)" "${IMAGE}"`,
    ],
    {
      ...REGISTRY_MOUNTS,
      volumeMounts: [...REGISTRY_MOUNTS.volumeMounts, { name: "signing", mountPath: "/signing" }],
    },
  ),
  inputs: DIGEST,
});

/** Promotion begins here: the new image goes into Git, and Argo CD brings it to the first environment. */
const promote = {
  ...script(
    "promote",
    BUILD_IMAGES.tools,
    [
      ...GIT,
      "rm -rf /workspace/deploy",
      `git clone --depth 1 "${fromWorkflow("deploy-repository")}" /workspace/deploy`,
      "cd /workspace/deploy",
      `IMAGE="${IMAGE}" yq --inplace '${fromWorkflow("deploy-key")} = strenv(IMAGE)' "${fromWorkflow("deploy-path")}"`,
      "if git diff --quiet; then echo 'the image is the one that Git has'; exit 0; fi",
      'git -c user.name="choreo-build-deploy" -c user.email="builds@openchoreo.dev" commit --all --message "' +
        `${fromWorkflow("component")}: image of $(cat /workspace/commit)"`,
      "for attempt in 1 2 3 4 5; do git push && exit 0; git pull --rebase; done",
      "exit 1",
    ],
    GIT_MOUNTS,
  ),
  inputs: DIGEST,
};

const deployComponent = {
  name: "deploy-component",
  inputs: DIGEST,
  steps: [[{ name: "promote", template: "promote", arguments: digestOf("{{inputs.parameters.digest}}") }]],
};

function digestOf(value: string) {
  return { parameters: [{ name: "digest", value }] };
}

/** The steps by the names that the source document gives, and what they are made of. */
const buildAndDeploy = {
  name: "build-and-deploy",
  steps: [
    [{ name: "build", template: "build-image" }],
    [{ name: "scan", template: "scan", arguments: digestOf("{{steps.build.outputs.parameters.digest}}") }],
    [{ name: "publish", template: "sign", arguments: digestOf("{{steps.build.outputs.parameters.digest}}") }],
    [
      {
        name: "deploy",
        template: "deploy-component",
        arguments: digestOf("{{steps.build.outputs.parameters.digest}}"),
      },
    ],
  ],
};

/** Specification of the WorkflowTemplate. @param insecure Whether the registry speaks plain HTTP. */
export function buildTemplate(insecure: boolean): object {
  const secret = (name: string, secretName: string, items?: object) => ({
    name,
    secret: { secretName, optional: true, ...items },
  });
  return {
    entrypoint: "build-and-deploy",
    serviceAccountName: BUILD_ACCOUNT,
    activeDeadlineSeconds: DEADLINE,
    ttlStrategy: { secondsAfterSuccess: 3600, secondsAfterFailure: 7 * 86_400 },
    podGC: { strategy: "OnWorkflowSuccess" },
    securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
    workflowMetadata: { labels: { "choreo.dev/template": BUILD_TEMPLATE } },
    arguments: {
      parameters: PARAMETERS.map(([name, description, value]) => ({
        name,
        description,
        ...(value === undefined ? {} : { value }),
      })),
    },
    volumeClaimTemplates: [
      {
        metadata: { name: WORKSPACE.name },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
      },
    ],
    volumes: [
      secret("git", GIT_LOGIN),
      secret("signing", SIGNING_KEY),
      secret("registry", REGISTRY_LOGIN, { items: [{ key: ".dockerconfigjson", path: "config.json" }] }),
    ],
    templates: [
      buildAndDeploy,
      buildImage,
      deployComponent,
      checkout,
      buildpacks,
      dockerfile(insecure),
      scan(insecure),
      sign(insecure),
      promote,
    ],
  };
}
