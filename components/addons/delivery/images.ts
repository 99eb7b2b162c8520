/** Images that builds run, each at one exact version; the only place of theirs. */
export const BUILD_IMAGES = {
  /** Git, yq and jq in one image. */
  tools: "docker.io/alpine/k8s:1.33.3",
  buildkit: "docker.io/moby/buildkit:v0.25.1-rootless",
  scanner: "docker.io/aquasec/trivy:0.67.2",
  /** With a shell. */
  cosign: "ghcr.io/sigstore/cosign/cosign:v2.6.1-dev",
  /** Has the lifecycle and a stack, and takes the buildpacks that it is given. */
  localBuilder: "docker.io/paketobuildpacks/builder-jammy-buildpackless-base:0.1.141",
  stackBuild: "docker.io/paketobuildpacks/build-jammy-base:0.1.199",
  stackRun: "docker.io/paketobuildpacks/run-jammy-base:0.1.199",
} as const;

/** Buildpacks of `choreo-builder`, in the order in which they are tried: the first that detects its language builds. */
export const BUILDPACKS = [
  { id: "paketo-buildpacks/java", image: "docker.io/paketobuildpacks/java:19.3.0" },
  { id: "paketo-buildpacks/nodejs", image: "docker.io/paketobuildpacks/nodejs:9.2.0" },
  { id: "paketo-buildpacks/go", image: "docker.io/paketobuildpacks/go:4.17.10" },
  { id: "paketo-buildpacks/python", image: "docker.io/paketobuildpacks/python:2.29.0" },
  { id: "paketo-buildpacks/dotnet-core", image: "docker.io/paketobuildpacks/dotnet-core:1.3.1" },
  { id: "paketo-buildpacks/php", image: "docker.io/paketobuildpacks/php:2.28.0" },
  { id: "paketo-buildpacks/ruby", image: "docker.io/paketobuildpacks/ruby:0.47.7" },
  { id: "paketo-buildpacks/web-servers", image: "docker.io/paketobuildpacks/web-servers:1.7.1" },
] as const;
