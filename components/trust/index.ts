export { type Authority, selfSigned } from "./authority";
export { LIFETIMES, SignedCertificate, type SignedCertificateArgs, type Signer } from "./certificate";
export type { Identity, IdentityArgs } from "./identities";
export { type ClusterTrust, MeshTrust, type MeshTrustArgs, TRUST_USES, type TrustUse } from "./mesh-trust";
export { type Password, Passwords } from "./passwords";
