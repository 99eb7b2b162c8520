import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { parse } from "yaml";
import { assertTrusted, handshake, type Identity } from "./support/certificates";
import { expectedClusters, STACK, useFleet } from "./support/fleet";
import { get, kubectl, list, texts } from "./support/kubectl";

const DOMAIN = "choreo.localhost";
const SYSTEM = "kube-system";
const CERTIFICATES = [
  "hubble-server-certs",
  "hubble-relay-client-certs",
  "clustermesh-apiserver-server-cert",
  "clustermesh-apiserver-admin-cert",
  "clustermesh-apiserver-remote-cert",
  "clustermesh-apiserver-local-cert",
];

describe("the fleet while it is running", () => {
  const fleet = useFleet();
  const clusters = expectedClusters();
  const peersOf = (name: string) => clusters.filter((other) => other.name !== name);

  async function read(cluster: string, kind: string, name: string, namespace?: string) {
    const object = await get(fleet.kubeconfig(cluster), kind, name, namespace);
    assert.ok(object, `${cluster} has no ${kind} ${name}`);
    return object;
  }

  async function identity(cluster: string, secret: string): Promise<Identity> {
    const {
      "tls.crt": certificates = "",
      "tls.key": key = "",
      "ca.crt": authority = "",
    } = texts(await read(cluster, "secret", secret, SYSTEM));
    return { certificates, key, authority };
  }

  it("has a kubeconfig for each cluster that nobody else can read", () => {
    for (const { name } of clusters) {
      assert.equal(statSync(fleet.kubeconfig(name)).mode & 0o777, 0o600);
    }
    assert.equal(statSync(fleet.folders.kubeconfigs).mode & 0o777, 0o700);
  });

  it("has every release deployed, on every cluster", () => {
    const found = fleet.report.releases.map(({ cluster, name, status }) => `${cluster} ${name} ${status}`).sort();
    const expected = clusters.flatMap(({ name }) => [`${name} cert-manager deployed`, `${name} cilium deployed`]);
    assert.deepEqual(found, expected.sort());
    assert.deepEqual(fleet.report.problems, []);
  });

  it("links every cluster with exactly its two peers, at the planned addresses", async () => {
    for (const { name } of clusters) {
      const remote = texts(await read(name, "secret", "cilium-kvstoremesh", SYSTEM));
      const local = texts(await read(name, "secret", "cilium-clustermesh", SYSTEM));
      const dialled = (configs: Record<string, string>) =>
        Object.fromEntries(Object.entries(configs).map(([peer, text]) => [peer, parse(text).endpoints]));
      const peers = peersOf(name);
      assert.equal(peers.length, 2);
      assert.deepEqual(
        dialled(remote),
        Object.fromEntries(peers.map((peer) => [peer.name, [`https://${peer.meshAddress}:2379`]])),
      );
      assert.deepEqual(
        dialled(local),
        Object.fromEntries(peers.map((peer) => [peer.name, ["https://clustermesh-apiserver.kube-system.svc:2379"]])),
      );
    }
  });

  it("admits exactly the peers to each cluster-mesh API server", async () => {
    for (const { name } of clusters) {
      const { "users.yaml": users = "" } = texts(await read(name, "configmap", "clustermesh-remote-users", SYSTEM));
      const admitted = parse(users).users.map((user: { name: string }) => user.name);
      assert.deepEqual(
        admitted.sort(),
        peersOf(name)
          .map((peer) => `remote-${peer.name}`)
          .sort(),
      );
    }
  });

  it("shares one CA, from which every certificate descends", async () => {
    const authorities = new Set<string | undefined>();
    for (const { name } of clusters) {
      authorities.add(texts(await read(name, "configmap", "cilium-root-ca.crt", SYSTEM))["ca.crt"]);
      for (const secret of CERTIFICATES) {
        const found = await identity(name, secret);
        authorities.add(found.authority);
        assertTrusted(found, `${name}/${secret}`);
      }
    }
    assert.equal(authorities.size, 1, "the clusters have different CAs");
  });

  it("gives each cluster-mesh API server the planned names and addresses", async () => {
    for (const { name, meshAddress } of clusters) {
      const leaf = assertTrusted(await identity(name, "clustermesh-apiserver-server-cert"), name);
      for (const host of [`${name}.mesh.${DOMAIN}`, "clustermesh-apiserver.kube-system.svc", "x.mesh.cilium.io"]) {
        assert.ok(leaf.checkHost(host), `${name}: not ${host}`);
      }
      for (const ip of [meshAddress, "127.0.0.1", "::1"]) assert.ok(leaf.checkIP(ip), `${name}: not ${ip}`);
      for (const { name: other } of peersOf(name)) assert.equal(leaf.checkHost(`${other}.mesh.${DOMAIN}`), undefined);
    }
  });

  it("lets each cluster's KVStoreMesh and its peers' API servers recognize each other by TLS", async () => {
    for (const { name } of clusters) {
      const client = await identity(name, "clustermesh-apiserver-remote-cert");
      for (const peer of peersOf(name)) {
        const server = await identity(peer.name, "clustermesh-apiserver-server-cert");
        const subject = await handshake(server, client, `${peer.name}.mesh.${DOMAIN}`);
        assert.equal(subject, `remote-${name}`, `${name} → ${peer.name}`);
      }
    }
  });

  it("labels its namespaces for Pod Security, and the API server enforces that", async () => {
    const expected = clusters.flatMap(({ name, planes }) => [
      [name, "cert-manager"] as const,
      ...(planes.includes("control") ? [[name, `openchoreo-${STACK}`] as const] : []),
    ]);
    for (const [cluster, name] of expected) {
      const { metadata } = await read(cluster, "namespace", name);
      assert.equal(metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted", `${cluster}/${name}`);
      assert.equal(metadata.labels?.["pod-security.kubernetes.io/warn"], "restricted", `${cluster}/${name}`);
      const pod = ["run", "probe", "--image=probe.invalid/probe", "--privileged", "--dry-run=server", "-n", name];
      const { ok, output } = await kubectl(fleet.kubeconfig(cluster), ...pod);
      assert.equal(ok, false, `${cluster}/${name} admits a privileged pod`);
      assert.match(output, /violates PodSecurity "restricted/);
    }
  });

  it("has the policy for probes of the ambient mesh, and the issuers, on every cluster", async () => {
    for (const { name } of clusters) {
      const policy = await read(name, "ciliumclusterwidenetworkpolicy", "allow-ambient-hostprobes");
      assert.deepEqual(policy.spec?.ingress, [{ fromCIDR: ["169.254.7.127/32"] }]);
      const issuers = await list(fleet.kubeconfig(name), "clusterissuer");
      assert.deepEqual(issuers.map(({ metadata }) => metadata.name).sort(), ["choreo-issuer", "choreo-self-signed"]);
    }
  });

  it("has a gate for each wave, on the control cluster alone", async () => {
    for (const { name, planes } of clusters) {
      const gates = (await list(fleet.kubeconfig(name), "configmap"))
        .filter(({ metadata }) => metadata.namespace === `openchoreo-${STACK}` && metadata.name.startsWith("wave-"))
        .map(({ metadata, data }) => [metadata.name, data?.wave]);
      const expected = planes.includes("control")
        ? [
            ["wave-0", "0"],
            ["wave-1", "1"],
          ]
        : [];
      assert.deepEqual(gates, expected, name);
    }
  });
});
