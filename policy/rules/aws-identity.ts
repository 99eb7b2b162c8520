import { type Statement, statementsOf } from "../lib/aws";
import { resourceRule, textList, type, types } from "../lib/rule";
import { text } from "../lib/values";

const IDENTITY_POLICIES = types(
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
);

const RESOURCE_POLICIES = types(
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:kms/key:Key",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
);

export const awsIamNoWildcards = resourceRule({
  name: "aws-iam-no-wildcards",
  description: "No policy allows every action, of everything or of one service.",
  severity: "critical",
  reason: "it also allows what nobody thought of: to delete, to give away, to make more rights",
  fix: "List the actions that are needed.",
  appliesTo: IDENTITY_POLICIES,
  check: ({ props }, report) => {
    for (const { allows, actions, inverted } of statementsOf(props.policy)) {
      if (!allows) continue;
      const wild = actions.filter((action) => /^(\*|[a-z0-9-]+:\*)$/i.test(action));
      if (wild.length > 0) report(`every action is allowed: ${wild.join(", ")}`);
      if (inverted) report("what is allowed is everything but what is listed");
    }
  },
});

/** Actions that change nothing and that AWS offers for all resources only. */
const READS = /^[a-z0-9-]+:(Describe|List|Get|BatchGet|Lookup|Search|View|Check)/i;

export const awsIamScopedWrites = resourceRule({
  name: "aws-iam-scoped-writes",
  description: "What changes something is allowed on named resources, or under a condition.",
  severity: "high",
  reason: "a policy for every resource also covers those of others in the account",
  fix: "Name the resources by ARN, or add a condition on a tag.",
  appliesTo: IDENTITY_POLICIES,
  check: ({ props }, report) => {
    for (const { allows, actions, resources, conditions } of statementsOf(props.policy)) {
      if (!allows || !resources.includes("*") || Object.keys(conditions).length > 0) continue;
      const writes = actions.filter((action) => !READS.test(action));
      if (writes.length > 0) report(`on every resource: ${writes.join(", ")}`);
    }
  },
});

export const awsIamNoAdministrators = resourceRule({
  name: "aws-iam-no-administrators",
  description: "No role has one of AWS' policies for administrators.",
  severity: "critical",
  reason: "whoever takes over the role has the account",
  fix: "Attach a policy with what is needed.",
  options: {
    policies: textList("Names of policies that nothing may have.", [
      "AdministratorAccess",
      "IAMFullAccess",
      "PowerUserAccess",
      "AmazonS3FullAccess",
      "AmazonEC2FullAccess",
    ]),
  },
  appliesTo: types(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
  ),
  check: ({ props }, report, { policies }) => {
    const name = text(props.policyArn)?.split("/").at(-1) ?? "";
    if (policies.includes(name)) report(`the policy ${name} is attached`);
  },
});

export const awsIamTrust = resourceRule({
  name: "aws-iam-trust",
  description: "No role may be taken on by everybody.",
  severity: "critical",
  reason: "everybody is everybody with an account at AWS",
  fix: "Name the service, the role or the account in Principal.",
  appliesTo: type("aws:iam/role:Role"),
  check: ({ props }, report) => {
    if (statementsOf(props.assumeRolePolicy).some(isForEverybody)) report("everybody may take the role on");
  },
});

export const awsResourcePolicies = resourceRule({
  name: "aws-resource-policies",
  description: "No policy of a bucket, queue, key or repository lets everybody in.",
  severity: "critical",
  reason: "everybody is everybody with an account at AWS, and without one",
  fix: "Name the principals, or add a condition that only they meet.",
  appliesTo: RESOURCE_POLICIES,
  check: ({ props }, report) => {
    if (statementsOf(props.policy).some(isForEverybody)) report("the policy lets everybody in");
  },
});

/** Conditions that leave of everybody only somebody. */
const NARROWING =
  /^(aws:(PrincipalArn|PrincipalOrgID|PrincipalOrgPaths|PrincipalAccount|SourceAccount|SourceArn|SourceVpce?|SourceOwner)|kms:CallerAccount|elasticfilesystem:AccessedViaMountTarget|sts:ExternalId)$/i;

function isForEverybody({ allows, principals, conditions, inverted }: Statement): boolean {
  if (!allows || !(principals.includes("*") || inverted)) return false;
  const keys = Object.values(conditions).flatMap((one) => Object.keys(one ?? {}));
  return !keys.some((key) => NARROWING.test(key));
}

export const awsIamNoUsers = resourceRule({
  name: "aws-iam-no-users",
  description: "Nothing works with a user or a lasting access key.",
  severity: "high",
  reason: "keys last until somebody remembers them; a role's credentials last an hour",
  fix: "Use a role: Pod Identity for pods, OpenID Connect for pipelines.",
  appliesTo: types("aws:iam/user:User", "aws:iam/accessKey:AccessKey"),
  check: (_, report) => report("a user or an access key is made"),
});
