import type * as pulumi from "@pulumi/pulumi/provider";
import { changed, check, type Kind, typeOf } from "../kind";
import { given, type PropertyMap, plain } from "../wire";
import { certRequest, locallySignedCert, selfSignedCert } from "./certificates";
import { privateKey } from "./keys";
import { IN_PLACE, isPrivate, STICKY, withSecrets } from "./kind";

const kinds: ReadonlyMap<string, Kind> = new Map([
  ["tls:index/privateKey:PrivateKey", privateKey],
  ["tls:index/certRequest:CertRequest", certRequest],
  ["tls:index/selfSignedCert:SelfSignedCert", selfSignedCert],
  ["tls:index/locallySignedCert:LocallySignedCert", locallySignedCert],
]);

/**
 * Stand-in for the plugin of @pulumi/tls: real keys and certificates, made by @peculiar/x509, and the real plugin's
 * rules of change. Nothing exists outside the state, so there is nothing to delete.
 *
 * It differs from the real one: a PEM that cannot be parsed is refused by `check` already, and not only when the
 * resource is created, and so is what the library does not know: ECDSA on P224, which is the default curve, and RSA
 * below 2048 bits. Outputs in OpenSSH's formats (`privateKeyOpenssh`, `publicKeyOpenssh`, `publicKeyFingerprintMd5`,
 * `publicKeyFingerprintSha256`) are empty. Write-only keys (`…Wo`), imports and functions are refused. As
 * `provider.main` has no preview of creates and updates, computed outputs are unknown in the preview of an update in
 * place.
 */
export class TlsProvider implements pulumi.Provider {
  constructor(
    readonly version: string,
    private readonly now = () => new Date(),
  ) {}

  async check(urn: string, _olds: PropertyMap, news: PropertyMap): Promise<pulumi.CheckResult> {
    return { inputs: withSecrets(news), failures: check(kindOf(urn), news, { provider: "tls", isPrivate }) };
  }

  async diff(_id: string, urn: string, olds: PropertyMap, news: PropertyMap): Promise<pulumi.DiffResult> {
    const names = changed(kindOf(urn), olds, news, STICKY);
    const isDue = this.isDue({ ...olds, earlyRenewalHours: news.earlyRenewalHours });
    const replaces = [...names.filter((name) => !IN_PLACE.includes(name)), ...(isDue ? ["readyForRenewal"] : [])];
    return { changes: names.length > 0 || isDue, replaces };
  }

  async create(urn: string, inputs: PropertyMap): Promise<pulumi.CreateResult> {
    const kind = kindOf(urn);
    const [id, outputs] = await kind.create(inputs, this.now());
    return { id, outs: withSecrets({ ...kind.defaults, ...given(inputs), ...outputs }) };
  }

  async read(id: string, urn: string, props: PropertyMap): Promise<pulumi.ReadResult> {
    if (Object.keys(props).length === 0) throw new Error(`the stand-in for tls imports no ${typeOf(urn)}`);
    return { id, props: this.isDue(props) ? { ...props, readyForRenewal: true } : props };
  }

  /** Of a certificate whose early renewal changed, and which `diff` found to be not due. */
  async update(_id: string, urn: string, olds: PropertyMap, news: PropertyMap): Promise<pulumi.UpdateResult> {
    return { outs: withSecrets({ ...olds, ...kindOf(urn).defaults, ...given(news), readyForRenewal: false }) };
  }

  async delete(): Promise<void> {}

  /** Whether a certificate of this state has ended, or is that near to its end; nothing else has an end. */
  private isDue({ validityEndTime, earlyRenewalHours }: PropertyMap): boolean {
    const early = Number(plain(earlyRenewalHours) ?? 0) * 3_600_000;
    return Date.parse(String(plain(validityEndTime))) - early <= this.now().getTime();
  }
}

function kindOf(urn: string): Kind {
  const kind = kinds.get(typeOf(urn));
  if (kind === undefined) throw new Error(`the stand-in for tls has no resource type ${typeOf(urn)}`);
  return kind;
}
