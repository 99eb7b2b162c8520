import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAwsCli } from "../../../rehearsal/aws/cli";
import { leftInAccount } from "../../../rehearsal/aws/left";
import { writeLocalClusters } from "../../../rehearsal/aws/local-clusters";
import { liftDeletionProtection } from "../../../rehearsal/aws/protection";
import { existingIn } from "../../../rehearsal/existing";
import { foldersOf } from "../../../rehearsal/folders";
import { Account } from "../../../rehearsal/providers/aws/account";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: local
contexts: [{ name: local, context: { cluster: local, user: local } }]
clusters: [{ name: local, cluster: { server: "https://127.0.0.1:7443", certificate-authority-data: ${base64("CA")} } }]
users: [{ name: local, user: { client-certificate-data: ${base64("CERT")}, client-key-data: ${base64("KEY")} } }]
`;

describe("EKS clusters in a rehearsal", () => {
  const root = mkdtempSync(join(tmpdir(), "it's rehearsed-"));
  const folders = foldersOf(root, "prod");
  let cli = "";
  before(() => {
    mkdirSync(folders.kubeconfigs, { recursive: true });
    const kubeconfig = join(folders.kubeconfigs, "control.yaml");
    writeFileSync(kubeconfig, KUBECONFIG);
    const clusters = [{ name: "control", physicalName: "prod-control", region: "us-east-1" }];
    writeLocalClusters(clusters, new Map([["control", kubeconfig]]), folders);
    cli = writeAwsCli(folders);
  });
  after(() => rmSync(root, { recursive: true }));

  const aws = (args: string, env: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = spawnSync(cli, args.split(" "), {
      env: { PATH: process.env.PATH, ...env },
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  const TOKEN = "eks get-token --region us-east-1 --cluster-name prod-control --output json";

  it("are local API servers, by the names that they have at AWS", () => {
    assert.deepEqual(JSON.parse(readFileSync(folders.localClusters, "utf8")), {
      "prod-control": { endpoint: "https://127.0.0.1:7443", certificateAuthority: base64("CA") },
    });
  });

  it("are used with a credential that only this user can read", () => {
    const file = join(folders.credentials, "us-east-1", "prod-control.json");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const { status, stdout, stderr } = aws(TOKEN);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.deepEqual(JSON.parse(stdout), {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1beta1",
      spec: {},
      status: { clientCertificateData: "CERT", clientKeyData: "KEY" },
    });
  });

  it("get the version of the answer that the client asks for", () => {
    const info = JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1" });
    const { stdout } = aws(TOKEN, { KUBERNETES_EXEC_INFO: info });
    assert.equal(JSON.parse(stdout).apiVersion, "client.authentication.k8s.io/v1");
  });

  const refused: readonly (readonly [string, number, RegExp])[] = [
    ["s3 ls", 252, /only "aws eks get-token" is answered, not "aws s3 ls"/],
    ["eks update-kubeconfig --name x", 252, /only "aws eks get-token"/],
    ["eks get-token --region us-east-1", 252, /required: --cluster-name/],
    ["eks get-token --cluster-name prod-control", 253, /You must specify a region/],
    [TOKEN.replace("us-east-1", "eu-west-1"), 254, /no EKS cluster prod-control in eu-west-1 is rehearsed/],
    [TOKEN.replace("prod-control", "prod-none"), 254, /no EKS cluster prod-none in us-east-1/],
    [TOKEN.replace("json", "text"), 252, /the output is json/],
    [`${TOKEN} --profile admin`, 253, /names credentials/],
    [`${TOKEN} --debug`, 252, /unknown options: --debug/],
    [`${TOKEN} --region`, 252, /expected one argument after --region/],
  ];
  for (const [args, status, message] of refused) {
    it(`get no answer to aws ${args}`, () => {
      const answer = aws(args);
      assert.equal(answer.status, status, answer.stderr);
      assert.match(answer.stderr, message);
      assert.equal(answer.stdout, "");
    });
  }
});

describe("what a destroy leaves at AWS", () => {
  const root = mkdtempSync(join(tmpdir(), "left-"));
  const folders = foldersOf(root, "prod");
  after(() => rmSync(root, { recursive: true }));
  const [bucket, key, queue] = ["bucket", "key", "queue"].map(
    (name) => `urn:pulumi:prod::openchoreo::aws:s3/x:X::${name}`,
  );
  const resource = (urn = "", retainOnDelete = true) => ({
    urn,
    type: "aws:s3/bucket:Bucket",
    protect: true,
    retainOnDelete,
  });

  it("is nothing where there is no account", () => {
    assert.deepEqual(leftInAccount([resource(queue, false)], folders), { retained: [], problems: [] });
  });

  it("is what the program keeps, by name; the rest, and what is missing of it, is a problem", async () => {
    const account = new Account(folders.account);
    const put = (id: string, urn: string | undefined, scheduled?: boolean) =>
      account.transact((view) =>
        view.put({ type: "aws:s3/bucket:Bucket", region: "us-east-1", id, urn, state: {}, scheduled }),
      );
    await put("prod-metrics", bucket);
    await put("prod-queue", queue);
    await put("/aws/eks/prod/cluster", undefined);
    await put("prod-secret", "urn:pulumi:prod::openchoreo::aws:x::secret", true);
    const { retained, problems } = leftInAccount([resource(bucket), resource(key), resource(queue, false)], folders);
    assert.deepEqual(retained, [
      {
        cluster: "AWS us-east-1",
        object: "s3.Bucket prod-metrics",
        why: "retainOnDelete: it holds data, or what reads data",
      },
    ]);
    assert.deepEqual(problems, [
      "AWS us-east-1: s3.Bucket prod-queue is left after destroy",
      "AWS us-east-1: s3.Bucket /aws/eks/prod/cluster is left after destroy; AWS made it by itself",
      "key is to be kept (retainOnDelete), and is gone",
    ]);
  });
});

describe("the protection that AWS has beside Pulumi's", () => {
  it("is switched off where it is on", async () => {
    const root = mkdtempSync(join(tmpdir(), "protected-"));
    const folders = foldersOf(root, "prod");
    const account = new Account(folders.account);
    const cluster = {
      type: "aws:eks/cluster:Cluster",
      region: "us-east-1",
      id: "c",
      state: { deletionProtection: true, version: "1.35" },
    };
    const table = {
      type: "aws:dynamodb/table:Table",
      region: "us-east-1",
      id: "t",
      state: { deletionProtectionEnabled: false },
    };
    await account.transact((view) => [cluster, table].map((item) => view.put(item)));
    await liftDeletionProtection(folders);
    assert.deepEqual(
      account.snapshot().map(({ state }) => state),
      [{ deletionProtection: false, version: "1.35" }, { deletionProtectionEnabled: false }],
    );
    rmSync(root, { recursive: true });
  });
});

describe("what settings name of an account", () => {
  it("is found wherever it stands", () => {
    const config = {
      "openchoreo:platform": {
        domain: "choreo.example.com",
        aws: {
          zone: { id: "Z0123456789ABCDEFGHIJ" },
          access: { a: { principal: "arn:aws:iam::111122223333:role/deployer" } },
          runner: { vpcId: "vpc-0a1b2c3d4e5f60718", routeTableIds: ["rtb-0a1b2c3d4e5f60718"] },
        },
      },
    };
    assert.deepEqual(existingIn(config), [
      "Z0123456789ABCDEFGHIJ",
      "arn:aws:iam::111122223333:role/deployer",
      "rtb-0a1b2c3d4e5f60718",
      "vpc-0a1b2c3d4e5f60718",
    ]);
    assert.deepEqual(existingIn({ a: "ZONE", b: "vpc-peering" }), []);
  });
});
