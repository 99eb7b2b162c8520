import pins from "../../components/addons/charts.json";
import { anyOf, type Resource, type } from "./rule";
import { at, type Fields, isFields, text, UNKNOWN } from "./values";

export const RELEASE = type("kubernetes:helm.sh/v3:Release");
const CHART = type("kubernetes:helm.sh/v4:Chart");
const CERT_MANAGER = type("kubernetes-cert-manager:index:CertManager");

/** Everything that installs a chart. */
export const INSTALLS = anyOf(RELEASE, CHART, CERT_MANAGER);

/** A chart that is installed: which, from where, and with which values. */
export interface Install {
  /** Its own name, also where an address or a file is given. */
  readonly name: string;
  /** Address of the repository or of the chart; absent where it is a file of this machine. */
  readonly repository?: string;
  /** Whether where it comes from is not known. */
  readonly hidden: boolean;
  /** Whether it is a file or folder of this machine. */
  readonly local: boolean;
  readonly version: unknown;
  /** Helm's values; {@link UNKNOWN} where they are not known. */
  readonly values: unknown;
}

interface Pin {
  readonly chart: string;
  readonly version: string;
  readonly repository: string;
}

/** What is pinned, by the name of the chart. */
const PINS: ReadonlyMap<string, Pin> = new Map(Object.values<Pin>(pins).map((pin) => [pin.chart, pin]));

export function pinOf(name: string): Pin | undefined {
  return PINS.get(name);
}

/** What a resource installs; nothing where the chart is not known. */
export function installOf(resource: Resource): Install | undefined {
  const own = at(resource.props, "helmOptions");
  const fields = isFields(own) ? own : resource.props;
  const chart = text(fields.chart);
  if (chart === undefined) return undefined;
  const { version, values } = fields;
  const source = at(fields, "repositoryOpts", "repo");
  const repo = text(source);
  const remote = /^(oci|https?):\/\//.test(chart);
  const local = !remote && source === undefined && /^[./]|\.tgz$|\//.test(chart);
  const repository = remote ? chart : repo;
  return {
    name: nameOf(chart),
    repository,
    hidden: !remote && source === UNKNOWN,
    local,
    version: versionOf(chart, version),
    values: valuesOf(resource, values),
  };
}

/** cert-manager's own component takes some values beside those of the chart. */
function valuesOf({ type, props }: Resource, values: unknown): unknown {
  if (type !== CERT_MANAGER.only) return values ?? {};
  if (values === UNKNOWN) return UNKNOWN;
  const { helmOptions: _, ...own } = props;
  return { ...own, ...(isFields(values) ? values : {}) };
}

const FILE = /^(.+?)-(v?\d+\.\d+\.\d+[^/]*?)(?:\.tgz)?$/;

function nameOf(chart: string): string {
  const last = chart.replace(/\/+$/, "").split("/").at(-1) ?? chart;
  return FILE.exec(last)?.[1] ?? last;
}

/** A file says its version in its name. */
function versionOf(chart: string, version: unknown): unknown {
  return version ?? FILE.exec(chart.split("/").at(-1) ?? "")?.[2];
}

/** Values of a release of the chart, where they are known. */
export function valuesFor(resource: Resource, chart: string): Fields | undefined {
  const install = installOf(resource);
  return install?.name === chart && isFields(install.values) ? install.values : undefined;
}
