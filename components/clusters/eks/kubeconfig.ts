import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

/**
 * A kubeconfig that holds no credential: whoever uses it gets a token of a quarter of an hour by `aws eks get-token`, with
 * the credentials for AWS that they have.
 */
export function eksKubeconfig(cluster: aws.eks.Cluster, region: string): pulumi.Output<string> {
  const text = pulumi
    .all([cluster.name, cluster.endpoint, cluster.certificateAuthority])
    .apply(([name, server, authority]) =>
      stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": name,
        contexts: [{ name, context: { cluster: name, user: name } }],
        clusters: [{ name, cluster: { server, "certificate-authority-data": authority.data } }],
        users: [{ name, user: { exec: getToken(name, region) } }],
      }),
    );
  return pulumi.secret(text);
}

/** Source: AWS, "Create a kubeconfig file for an Amazon EKS cluster". */
function getToken(cluster: string, region: string) {
  return {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--region", region, "--cluster-name", cluster, "--output", "json"],
    interactiveMode: "Never",
  };
}
