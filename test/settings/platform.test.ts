import { accepts, refuses } from "../support/settings";

const UNKNOWN = "unknown key; remove it, or check its spelling in docs/settings.schema.json";
const STACK = 'not a fully qualified stack name such as "organization/openchoreo/prod"';

describe("settings: shape of the platform", () => {
  accepts([["the good settings", {}]]);
  refuses([
    ["no object", { platform: "yes" }, "platform: must be an object, but is text"],
    ["nothing below the key", { platform: null }, "platform: must be an object, but is empty"],
    [
      "no platform",
      { platform: undefined },
      'platform: required: the stack has no "platform" settings; see Pulumi.dev.yaml for an example',
    ],
    ["an unknown key at the top", { "platform.colour": "red" }, `platform.colour: ${UNKNOWN}`],
    ["an unknown key of the mesh", { "platform.mesh.colour": "red" }, `platform.mesh.colour: ${UNKNOWN}`],
    ["an unknown key of an add-on", { "platform.certManager.colour": 1 }, `platform.certManager.colour: ${UNKNOWN}`],
    [
      "two unknown keys beside each other",
      { "platform.colour": 1, "platform.size": 2 },
      `platform.colour: ${UNKNOWN}`,
      `platform.size: ${UNKNOWN}`,
    ],
    ["no profile", { "platform.profile": undefined }, 'platform.profile: required: one of "development", "production"'],
    [
      "an unknown profile",
      { "platform.profile": "staging" },
      'platform.profile: must be one of "development", "production"',
    ],
    ["no domain", { "platform.domain": undefined }, "platform.domain: required: text"],
    [
      "a domain that is a URL",
      { "platform.domain": "https://choreo.test" },
      'platform.domain: not a host name such as "shop.example.com"',
    ],
    [
      "a domain that leaves no room for names below it",
      {
        "platform.domain": `${"a.".repeat(121)}test`,
        "platform.clusters.east": undefined,
        "platform.clusters.west": undefined,
      },
      "platform.domain: makes control.mesh.a.a.a.a.a.a.a.a.a.a.a.a.a.a… longer than 253 characters; shorten it",
      'platform.clusters: no cluster has the plane "data", so no component can run; give it to one',
    ],
    ["no clusters", { "platform.clusters": undefined }, "platform.clusters: required: an object"],
    ["an empty list of clusters", { "platform.clusters": {} }, "platform.clusters: name at least one cluster"],
    [
      "a bucket with upper case",
      {
        "platform.objectStore": { buckets: { metrics: "m-1", backups: "Backups", logs: "l-1" }, credentials: "store" },
      },
      "platform.objectStore.buckets.backups: not a bucket name (3 to 63 of a-z, 0-9, dot, dash)",
    ],
    [
      "an object store without credentials",
      { "platform.objectStore": { buckets: { metrics: "m-1", backups: "b-1", logs: "l-1" } } },
      "platform.objectStore.credentials: required: text",
    ],
    [
      "a control plane's stack that is no name",
      { "platform.controlPlane": { stack: "a b" }, "platform.clusters.control": undefined },
      `platform.controlPlane.stack: ${STACK}`,
    ],
  ]);
});

const ISSUER =
  "platform.mesh.trust.issuer: required where there are two roots: name the one that every cluster trusts already";

describe("settings: mesh", () => {
  accepts([
    ["two roots and the second as issuer", { "platform.mesh.trust": { roots: ["a", "b"], issuer: "b" } }],
    [
      "names of the mesh in a zone",
      { "platform.mesh.dns": "published", "platform.clusters.east.network.meshAddress": undefined },
    ],
  ]);
  refuses([
    [
      "an unknown encryption",
      { "platform.mesh.encryption": "ipsec" },
      'platform.mesh.encryption: must be one of "wireguard", "none"',
    ],
    ["no root", { "platform.mesh.trust.roots": [] }, "platform.mesh.trust.roots: name at least one root"],
    [
      "three roots",
      { "platform.mesh.trust.roots": ["a", "b", "c"] },
      "platform.mesh.trust.roots: at most two roots: the one that goes and the one that comes",
    ],
    ["one root twice", { "platform.mesh.trust.roots": ["a", "a"] }, "platform.mesh.trust.roots: a root is named twice"],
    ["two roots and no issuer", { "platform.mesh.trust.roots": ["a", "b"] }, ISSUER],
    [
      "a root's name with upper case",
      { "platform.mesh.trust.roots": ["Root"] },
      `platform.mesh.trust.roots[0]: a root's name has lower-case letters, digits and "-" only, with a letter or digit at both ends`,
    ],
    [
      "an issuer that is no root",
      { "platform.mesh.trust.issuer": "root-2" },
      'platform.mesh.trust.issuer: "root-2" is none of the roots: root-1',
    ],
    [
      "a range that is too small",
      { "platform.mesh.ranges.services": "10.192.0.0/18" },
      "platform.mesh.ranges.services: 10.192.0.0/18 is too small for 128 clusters: each would get less than a /24; use /17 or larger",
    ],
    [
      "two ranges that overlap",
      { "platform.mesh.ranges.pods": "10.0.0.0/10" },
      "platform.mesh.ranges.pods: 10.0.0.0/10 overlaps 10.0.0.0/9, the range of networks; choose another range",
    ],
  ]);
});
