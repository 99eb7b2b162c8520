import { IMAGES } from "../images";

/** Images that builds run. */
export const BUILD_IMAGES = {
  /** Git, yq and jq in one image. */
  tools: IMAGES["alpine-k8s"],
  buildkit: IMAGES.buildkit,
  scanner: IMAGES.trivy,
  /** With a shell. */
  cosign: IMAGES.cosign,
  /** Has the lifecycle and a stack, and takes the buildpacks that it is given. */
  localBuilder: IMAGES["buildpacks-builder"],
  stackBuild: IMAGES["buildpacks-build"],
  stackRun: IMAGES["buildpacks-run"],
} as const;

/** Buildpacks of `choreo-builder`, in the order in which they are tried: the first that detects its language builds. */
export const BUILDPACKS = [
  { id: "paketo-buildpacks/java", image: IMAGES["buildpack-java"] },
  { id: "paketo-buildpacks/nodejs", image: IMAGES["buildpack-nodejs"] },
  { id: "paketo-buildpacks/go", image: IMAGES["buildpack-go"] },
  { id: "paketo-buildpacks/python", image: IMAGES["buildpack-python"] },
  { id: "paketo-buildpacks/dotnet-core", image: IMAGES["buildpack-dotnet-core"] },
  { id: "paketo-buildpacks/php", image: IMAGES["buildpack-php"] },
  { id: "paketo-buildpacks/ruby", image: IMAGES["buildpack-ruby"] },
  { id: "paketo-buildpacks/web-servers", image: IMAGES["buildpack-web-servers"] },
] as const;
