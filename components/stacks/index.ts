export {
  CONTRACT_VERSION,
  type KubeconfigsOutput,
  kubeconfigsOutput,
  type PlatformOutput,
  platformOutput,
  type SharedWorkload,
  type SharingOutput,
  sharingOutput,
  type TenancyOutput,
  type TenancySecretsOutput,
  tenancyOutput,
  tenancySecretsOutput,
} from "./contract";
export { type OutputSources, type StackOutputs, stackOutputs } from "./outputs";
export { type OutputFacts, type OutputReader, STACK_OUTPUTS } from "./readers";
export {
  lastOutputs,
  lastTenants,
  type PlatformReference,
  PlatformReferences,
  readPlatform,
  readSharing,
} from "./reference";
