/**
 * Where things are in a tenant's repository. A release moves from one folder to the next by a pull request, and back by
 * its revert; nothing else says what runs.
 *
 *     <path>/<project>/<component>/release/                   Workload and ComponentReleases of OpenChoreo
 *     <path>/<project>/<component>/<environment>/<cluster>/   ReleaseBinding of OpenChoreo, one for each data plane
 *     <path>/<project>/<component>/<environment>/             Kustomize, where a component is deployed plainly
 */

/** A component as the repository knows it. */
export interface Deployed {
  readonly project: string;
  readonly component: string;
  readonly deploy: "openchoreo" | "plain";
}

/** Folder of what all environments have in common. */
export const RELEASE = "release";

function folder(root: string, { project, component }: Deployed, ...more: readonly string[]): string {
  return [root, project, component, ...more].filter((part) => part !== "" && part !== ".").join("/");
}

export function releaseFolder(root: string, deployed: Deployed): string {
  return folder(root, deployed, RELEASE);
}

export function environmentFolder(root: string, deployed: Deployed, environment: string, cluster: string): string {
  return deployed.deploy === "plain"
    ? folder(root, deployed, environment)
    : folder(root, deployed, environment, cluster);
}

/** The file that a build writes its image into, and where in it: with that the first environment gets it. */
export function imagePlace(
  root: string,
  deployed: Deployed & { readonly type: string },
  first: string,
): { readonly path: string; readonly key: string } {
  if (deployed.deploy === "openchoreo") {
    return { path: `${releaseFolder(root, deployed)}/workload.yaml`, key: ".spec.container.image" };
  }
  const pods = deployed.type === "scheduled-task" ? ".spec.jobTemplate.spec.template" : ".spec.template";
  return { path: `${folder(root, deployed, first)}/image.yaml`, key: `${pods}.spec.containers[0].image` };
}
