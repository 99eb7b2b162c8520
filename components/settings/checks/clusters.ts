import { waveOf } from "../defaults";
import type { ClusterSettings, PlatformBase } from "../platform";
import { type Problem, pathOf } from "../problems";

/** Problems of the clusters among each other: planes and waves. Paths begin with `platform`. */
export function clusterProblems(platform: PlatformBase): Problem[] {
  const clusters = Object.entries(platform.clusters);
  return [
    ...controlPlaneProblems(platform, clusters),
    ...waveProblems(clusters),
    ...ciliumProblems(clusters),
    ...lostProblems(clusters),
    ...hostProblems(platform, clusters),
  ];
}

type Named = readonly (readonly [string, ClusterSettings])[];

function controlPlaneProblems(platform: PlatformBase, clusters: Named): Problem[] {
  const holders = clusters.filter(([, cluster]) => cluster.planes.includes("control")).map(([name]) => name);
  if (holders.length > 1) {
    return holders.slice(1).map((name) => ({
      path: pathOf("platform", "clusters", name, "planes"),
      message: `a fleet has one control plane, and "${holders[0]}" holds it already; remove "control" here`,
    }));
  }
  if (holders.length === 1 && platform.controlPlane !== undefined) {
    return [
      {
        path: pathOf("platform", "controlPlane"),
        message: `refers to another stack's control plane, but cluster "${holders[0]}" holds one here; remove one of the two`,
      },
    ];
  }
  if (holders.length === 0 && platform.controlPlane === undefined) {
    return [
      {
        path: pathOf("platform", "clusters"),
        message: 'no cluster has the plane "control"; give it to one, or name another stack in platform.controlPlane',
      },
    ];
  }
  return [];
}

function waveProblems(clusters: Named): Problem[] {
  const problems = clusters
    .filter(([, cluster]) => cluster.planes.includes("control") && waveOf(cluster) !== 0)
    .map(([name]) => ({
      path: pathOf("platform", "clusters", name, "wave"),
      message: "the control cluster is wave 0: the other waves' gates live on it; remove this key",
    }));
  const used = [...new Set(clusters.map(([, cluster]) => waveOf(cluster)))].sort((a, b) => a - b);
  const first = used[0] ?? 0;
  const missing = used.find((wave, index) => index > 0 && wave !== (used[index - 1] ?? 0) + 1);
  if (first <= 1 && missing === undefined) return problems;
  const after = first > 1 ? first : (missing ?? first);
  const gap = first > 1 ? first - 1 : after - 1;
  const [name] = clusters.find(([, cluster]) => waveOf(cluster) === after) ?? ["?"];
  return [
    ...problems,
    {
      path: pathOf("platform", "clusters", name, "wave"),
      message: `wave ${after} comes after an empty wave ${gap}; number the waves without gaps`,
    },
  ];
}

/** On the control cluster are the waves' gates, and the other half of everything. */
function lostProblems(clusters: Named): Problem[] {
  return clusters
    .filter(([, cluster]) => cluster.lost && cluster.planes.includes("control"))
    .map(([name]) => ({
      path: pathOf("platform", "clusters", name, "lost"),
      message: "`up` cannot go on without the control cluster; bring it back, from its backups if need be",
    }));
}

function ciliumProblems(clusters: Named): Problem[] {
  return clusters
    .filter(([, cluster]) => cluster.cilium === "present" && cluster.network.mesh)
    .map(([name]) => ({
      path: pathOf("platform", "clusters", name, "network", "mesh"),
      message:
        "Cilium that someone else runs (cilium: present) cannot join the mesh, whose ids and CA this program gives; set mesh: false",
    }));
}

/** A DNS name has at most 253 characters. */
function hostProblems({ domain }: PlatformBase, clusters: Named): Problem[] {
  return clusters
    .map(([name]) => `${name}.mesh.${domain}`)
    .filter((host) => host.length > 253)
    .map((host) => ({
      path: "platform.domain",
      message: `makes ${host.slice(0, 40)}… longer than 253 characters; shorten it`,
    }));
}
