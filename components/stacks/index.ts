export {
  CONTRACT_VERSION,
  type KubeconfigsOutput,
  kubeconfigsOutput,
  type PlatformOutput,
  platformOutput,
} from "./contract";
export { type OutputSources, type StackOutputs, stackOutputs } from "./outputs";
export { lastOutputs, PlatformReferences, readPlatform } from "./reference";
