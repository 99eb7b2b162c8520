import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Letters and digits only: charts put passwords into URLs, shells and configuration files alike. */
const LENGTH = 32;

/** A password that the program made; it lives in the state and in the Secrets that need it. */
export interface Password {
  /** The password; a secret. */
  readonly value: pulumi.Output<string>;
  /** Its bcrypt hash, for configuration that takes only that; a secret. */
  readonly bcrypt: pulumi.Output<string>;
}

/** Passwords of the platform, each made when it is first asked for. */
export class Passwords extends pulumi.ComponentResource {
  private readonly made = new Map<string, Password>();

  constructor(
    private readonly passwords: string,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("openchoreo:trust:Passwords", passwords, {}, opts);
    this.registerOutputs();
  }

  /** @param use What it is for, such as `opensearch-admin`, or `east/s3` where each cluster has its own. */
  password(use: string): Password {
    const known = this.made.get(use);
    if (known !== undefined) return known;
    const name = `${this.passwords}.${use.replace("/", ".")}`;
    const { result, bcryptHash } = new random.RandomPassword(
      name,
      { length: LENGTH, special: false },
      { parent: this },
    );
    const password = { value: pulumi.secret(result), bcrypt: pulumi.secret(bcryptHash) };
    this.made.set(use, password);
    return password;
  }
}
