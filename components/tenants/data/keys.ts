import * as pulumi from "@pulumi/pulumi";
import { Passwords, selfSigned } from "../../trust";

/** What clients and servers of one project's databases in one environment know each other by. */
export interface DatabaseKeys {
  /** PEM of the authority that signs servers' certificates, and its key. */
  readonly authority: { readonly certificate: pulumi.Output<string>; readonly key: pulumi.Output<string> };
  /** The password of a database's user; the same on every cluster, as copies have their original's users. */
  readonly password: (database: string) => pulumi.Output<string>;
}

/** Arguments of {@link NamespaceKeys}. */
export interface NamespaceKeysArgs {
  readonly tenant: string;
  /** The databases' namespace; nothing else may change the names here, or passwords would be new. */
  readonly namespace: string;
}

/** The keys of a namespace of databases, whichever clusters it is on. Secrets of clusters have them, and the state. */
export class NamespaceKeys extends pulumi.ComponentResource implements DatabaseKeys {
  readonly authority: DatabaseKeys["authority"];
  private readonly passwords: Passwords;

  constructor(name: string, { tenant, namespace }: NamespaceKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openchoreo:tenants:DatabaseKeys", name, {}, opts);
    const { certificate, key } = selfSigned(`${name}.authority`, `databases of ${namespace}`, this);
    this.authority = { certificate, key: pulumi.secret(key) };
    this.passwords = new Passwords(`${name}.users`, { parent: this });
    this.registerOutputs({ tenant });
  }

  password(database: string): pulumi.Output<string> {
    return this.passwords.password(database).value;
  }
}
