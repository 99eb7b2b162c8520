import type * as pulumi from "@pulumi/pulumi/provider";
import { locallySignedCert, selfSignedCert } from "./certificates";
import { certRequest } from "./certRequest";
import type { Kind } from "./kind";
import { privateKey } from "./privateKey";
import { isBornForRenewal, isDueForRenewal } from "./renewal";
import { hasUnknown, type PropertyMap, plain, typeOf } from "./wire";

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["tls:index/privateKey:PrivateKey", privateKey],
  ["tls:index/certRequest:CertRequest", certRequest],
  ["tls:index/selfSignedCert:SelfSignedCert", selfSignedCert],
  ["tls:index/locallySignedCert:LocallySignedCert", locallySignedCert],
]);

export interface TlsProviderArgs {
  readonly version: string;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
}

/**
 * Stand-in for the plugin of @pulumi/tls: real keys and certificates, and the real plugin's rules of
 * change. Nothing exists outside the state, so there is nothing to delete.
 *
 * It differs from the real one in three points: a PEM that cannot be parsed is refused by `check`
 * already, and not only when the resource is created; write-only keys (`…Wo`), imports and functions
 * are refused; and as `provider.main` has no preview of creates and updates, computed outputs are
 * unknown in the preview of an update in place.
 */
export class TlsProvider implements pulumi.Provider {
  readonly version: string;
  private readonly now: () => Date;

  constructor({ version, now = () => new Date() }: TlsProviderArgs) {
    this.version = version;
    this.now = now;
  }

  async check(urn: string, _olds: PropertyMap, news: PropertyMap): Promise<pulumi.CheckResult> {
    const kind = kindOf(urn);
    return { inputs: kind.withSecrets(news), failures: [...kind.check(news)] };
  }

  async diff(_id: string, urn: string, olds: PropertyMap, news: PropertyMap): Promise<pulumi.DiffResult> {
    const kind = kindOf(urn);
    const { replace, update } = kind.changes(olds, news);
    const { earlyRenewalHours: hours } = news;
    const isDue = kind.expires && !hasUnknown(hours) && isDueForRenewal(olds, hours, this.now());
    const replaces = [...replace, ...(isDue ? ["readyForRenewal"] : [])];
    return { changes: replaces.length + update.length > 0, replaces };
  }

  async create(urn: string, inputs: PropertyMap): Promise<pulumi.CreateResult> {
    const kind = kindOf(urn);
    const { id, outputs } = await kind.create(inputs, this.now());
    return { id, outs: kind.withSecrets({ ...kind.withDefaults(inputs), ...outputs }) };
  }

  async read(id: string, urn: string, props: PropertyMap): Promise<pulumi.ReadResult> {
    const kind = kindOf(urn);
    if (Object.keys(props).length === 0) throw new Error(`the stand-in for tls imports no ${typeOf(urn)}`);
    const isDue = kind.expires && isDueForRenewal(props, props.earlyRenewalHours, this.now());
    return { id, props: isDue ? { ...props, readyForRenewal: true } : props };
  }

  async update(_id: string, urn: string, olds: PropertyMap, news: PropertyMap): Promise<pulumi.UpdateResult> {
    const kind = kindOf(urn);
    const outputs = { ...olds, ...kind.withDefaults(news) };
    if (!kind.expires) return { outs: kind.withSecrets(outputs) };
    const readyForRenewal = isBornForRenewal({
      validityPeriodHours: Number(plain(outputs.validityPeriodHours)),
      earlyRenewalHours: Number(plain(outputs.earlyRenewalHours)),
    });
    return { outs: kind.withSecrets({ ...outputs, readyForRenewal }) };
  }

  async delete(): Promise<void> {}
}

function kindOf(urn: string): Kind {
  const kind = kinds.get(typeOf(urn));
  if (kind === undefined) throw new Error(`the stand-in for tls has no resource type ${typeOf(urn)}`);
  return kind;
}
