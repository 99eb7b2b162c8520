import type * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockCallResult, MockResourceArgs } from "@pulumi/pulumi/runtime/mocks";
import type { Json } from "./json";

/** The account that the mocks' credentials belong to. */
export const ACCOUNT = "111122223333";

/** What AWS computes of a resource beside its id and ARN; texts name the resource, so that a test sees where a value went. */
const COMPUTED: Readonly<Record<string, (args: MockResourceArgs) => Json>> = {
  "aws:eks/cluster:Cluster": ({ name, inputs }) => ({
    endpoint: `https://${String(inputs.name).toUpperCase()}.gr7.eks.test`,
    certificateAuthority: { data: Buffer.from(`CA of ${name}`).toString("base64") },
    vpcConfig: { ...inputs.vpcConfig, clusterSecurityGroupId: `sg-of-${name}` },
  }),
  "aws:ec2transitgateway/transitGateway:TransitGateway": ({ name }) => ({
    associationDefaultRouteTableId: `tgw-rtb-of-${name}`,
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:sqs/queue:Queue": ({ inputs }) => ({ url: `https://sqs.test/${ACCOUNT}/${inputs.name}` }),
  "aws:route53/zone:Zone": ({ name }) => ({
    zoneId: `Z-of-${name}`,
    nameServers: [1, 2, 3, 4].map((number) => `ns-${number}.awsdns.test`),
  }),
};

/** What the aws provider answers for a resource. */
export function awsState(args: MockResourceArgs): Json {
  const arn = `arn:aws:${args.type.split(":")[1]?.split("/")[0]}:::${args.name}`;
  return {
    name: `${args.name}-name`,
    bucket: `${args.name}-bucket`,
    ...args.inputs,
    arn,
    ...COMPUTED[args.type]?.(args),
  };
}

const FUNCTIONS: Readonly<Record<string, (inputs: Json) => Json>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: ACCOUNT }),
  "aws:eks/getAddonVersion:getAddonVersion": ({ kubernetesVersion }) => ({
    version: `v${kubernetesVersion}.0-eksbuild.1`,
  }),
  "aws:route53/getZone:getZone": ({ name }) => ({ zoneId: `Z-FOUND-${name}` }),
};

/** What providers answer for functions; one that nobody mocks is a mistake of the test. */
export function mockCall({ token, inputs }: MockCallArgs): MockCallResult {
  const answer = FUNCTIONS[token];
  if (answer === undefined) throw new Error(`no mock of ${token}`);
  return answer(inputs) as Record<string, pulumi.Input<unknown>>;
}
