import assert from "node:assert/strict";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { type Json, ON_EKS, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const SECRET = "kubernetes:core/v1:Secret";
const LOGIN = JSON.stringify({ username: "platform", password: "secret" });

/** The template's environment of a step. */
function envOf(graph: Graph, step: string): Record<string, unknown> {
  const { templates } = object(graph.get("control.builds-template").inputs.spec);
  const found = (templates as readonly Json[]).find(({ name }) => name === step);
  const env = object(object(found).script).env as readonly Json[];
  return Object.fromEntries(env.map(({ name, value }) => [String(name), value]));
}

describe("builds on EKS", () => {
  let graph: Graph;
  before(async () => {
    graph = (await runFleet({ ...ON_EKS, ...switchOn("builds", "argo-workflows"), tenants: {} })).graph;
  });

  /** The resources of ECR that the pods of an account may push to. */
  function repositoriesOf(account: string): unknown[] {
    const [association] = graph
      .ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation")
      .filter(({ inputs }) => `${inputs.namespace}/${inputs.serviceAccount}` === account);
    assert.ok(association, `no identity of ${account}`);
    const { policy } = graph.get(association.name.replace(/-association$/, "-policy")).inputs;
    const statements = (JSON.parse(String(policy)) as { Statement: { Action: string[]; Resource: unknown[] }[] })
      .Statement;
    return statements.filter(({ Action }) => Action.includes("ecr:PutImage")).flatMap(({ Resource }) => Resource);
  }

  it("push to repositories that ECR makes: the template, its role and whoever pushes have one prefix", () => {
    const { prefix, imageTagMutabilityExclusionFilters: moving } = graph.get(
      "control.registry",
      "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    ).inputs;
    assert.equal(prefix, "test-control");
    const arn = "arn:aws:ecr:eu-west-1:111122223333:repository/test-control/*";
    assert.ok(String(graph.get("control.registry-policy").inputs.policy).includes(`"${arn}"`));
    for (const account of ["kpack/controller", "choreo-builds/choreo-builder"])
      assert.deepEqual(repositoriesOf(account), [arn], account);
    const { tag } = object(graph.get("control.kpack-builder").inputs.spec);
    const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    assert.equal(tag, `${host}/test-control/choreo-builder`);
    const moved = (moving as readonly Json[]).map(({ filter }) => filter);
    assert.deepEqual(moved, ["latest", "build-cache", "sha256-*.sig"]);
  });

  it("log in by their identity, with the account's own registry", () => {
    const { REGISTRY_HOST, AWS_REGION } = envOf(graph, "registry-login");
    assert.deepEqual([REGISTRY_HOST, AWS_REGION], ["111122223333.dkr.ecr.eu-west-1.amazonaws.com", "eu-west-1"]);
    assert.deepEqual(graph.get("control.builds-account").inputs.secrets, []);
  });
});

describe("builds with logins", () => {
  let graph: Graph;
  before(async () => {
    const edits = {
      ...switchOn("builds", "argo-workflows", "registry"),
      "platform.builds.gitCredentials": { "git.choreo.test": "git", "code.choreo.test:8443": "code" },
      tenants: {},
    };
    const config = { "openchoreo:git": LOGIN, "openchoreo:code": LOGIN };
    graph = (await runFleet(edits, { config, secrets: Object.keys(config) })).graph;
  });

  it("have a Secret for each of Git's hosts, which kpack finds by its annotation", () => {
    const secrets = graph.ofType(SECRET).filter(({ inputs }) => inputs.type === "kubernetes.io/basic-auth");
    assert.deepEqual(
      secrets.map(({ inputs }) => {
        const { name, namespace, annotations } = object(inputs.metadata);
        return [namespace, name, object(annotations)["kpack.io/git"]];
      }),
      [
        ["choreo-builds", "git-login-code.choreo.test-8443", "https://code.choreo.test:8443"],
        ["choreo-builds", "git-login-git.choreo.test", "https://git.choreo.test"],
      ],
    );
  });

  it("hang all logins on the account that builds, and pull with the registry's alone", () => {
    const { secrets, imagePullSecrets } = graph.get("control.builds-account").inputs;
    const names = (list: unknown) => (list as readonly Json[]).map(({ name }) => name).sort();
    assert.deepEqual(names(secrets), [
      "git-login-code.choreo.test-8443",
      "git-login-git.choreo.test",
      "registry-login",
    ]);
    assert.deepEqual(names(imagePullSecrets), ["registry-login"]);
  });

  it("use a registry that clients speak plain HTTP to, as its name ends in .local", () => {
    const { tag } = object(graph.get("control.kpack-builder").inputs.spec);
    const [host = ""] = String(tag).split("/");
    assert.match(host, /\.local(:[0-9]+)?$/);
    assert.equal(envOf(graph, "dockerfile").INSECURE, "true");
  });
});
