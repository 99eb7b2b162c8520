import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { isObject, textAt } from "../program/json";
import type { Changed } from "./properties";
import { changedProperties } from "./properties";

const run = promisify(execFile);

/** Inputs of a release, or of a chart whose objects are resources. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A release, and the Kubernetes that it is rendered for. */
export interface Release {
  readonly inputs: Inputs;
  /** Such as `1.35`. */
  readonly kubernetes: string;
}

/** Objects by `Kind namespace/name`. */
type Rendered = ReadonlyMap<string, unknown>;

/** Renders charts as Helm does, from packaged ones. */
export class Renderer {
  private constructor(
    private readonly helm: string,
    private readonly charts: string,
  ) {}

  /**
   * @param charts Directory of packaged charts.
   * @returns Why nothing can be rendered, where there is no Helm: on PATH, beside the charts, or where the engine is.
   */
  static find(charts: string, root: string): Renderer | string {
    const engines = join(root, ".engine");
    const engine = existsSync(engines) ? readdirSync(engines).map((folder) => join(engines, folder, "bin")) : [];
    const places = [...(process.env.PATH ?? "").split(delimiter), charts, join(charts, "bin"), ...engine];
    const helm = places.map((place) => join(place, "helm")).find(existsSync);
    return helm === undefined
      ? "there is no helm on PATH, nor in the directory of the charts"
      : new Renderer(helm, charts);
  }

  /**
   * What differs in the objects of a release. What a chart makes up at every render is no difference.
   * @throws Error with what Helm says.
   */
  async differences(before: Release, after: Release): Promise<Changed[]> {
    const [old, now, again] = await Promise.all([this.render(before), this.render(after), this.render(after)]);
    const kinds = [...new Set([...old.keys(), ...now.keys()])];
    return kinds.flatMap((object) => {
      const madeUp = new Set(changedProperties(now.get(object), again.get(object)).map(({ path }) => path));
      return changedProperties(old.get(object), now.get(object))
        .filter(({ path }) => !madeUp.has(path))
        .map((change) => ({ ...change, path: change.path === "" ? object : `${object}: ${change.path}` }));
    });
  }

  /** Whether the chart of a release is at hand at its version. */
  has(inputs: Inputs): boolean {
    return existsSync(this.fileOf(inputs));
  }

  private fileOf(inputs: Inputs): string {
    const chart = (textAt(inputs, "chart") ?? "").split("/").at(-1) ?? "";
    return join(this.charts, `${chart.replace(/-v?\d+\.\d+\.\d+.*\.tgz$/, "")}-${textAt(inputs, "version") ?? ""}.tgz`);
  }

  private async render({ inputs, kubernetes }: Release): Promise<Rendered> {
    const folder = mkdtempSync(join(tmpdir(), "plan-render-"));
    try {
      const values = join(folder, "values.json");
      writeFileSync(values, JSON.stringify(inputs.values ?? {}));
      const namespace = textAt(inputs, "namespace") ?? "default";
      const crds = inputs.skipCrds === true ? [] : ["--include-crds"];
      const name = textAt(inputs, "name") ?? "release";
      const args = [
        "template",
        name,
        this.fileOf(inputs),
        "--namespace",
        namespace,
        "--values",
        values,
        "--skip-tests",
        "--kube-version",
        kubernetes,
        ...crds,
      ];
      const { stdout } = await run(this.helm, args, {
        encoding: "utf8",
        maxBuffer: 256 * 1024 * 1024,
        // Nothing of the user's own Helm: no plugins, no repositories.
        env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, "none") },
      });
      return objectsIn(stdout, namespace);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function objectsIn(manifest: string, namespace: string): Rendered {
  const documents = parseAllDocuments(manifest, { logLevel: "silent" });
  const objects = "empty" in documents ? [] : documents.map((document) => document.toJS() as unknown).filter(isObject);
  return new Map(
    objects.map((object) => {
      const own = textAt(object.metadata, "namespace") ?? namespace;
      const name = textAt(object.metadata, "name") ?? "";
      const shown = object.kind === "Secret" ? withoutContent(object) : object;
      return [`${textAt(object, "kind") ?? "object"} ${own}/${name}`, shown] as const;
    }),
  );
}

/** Charts make up passwords and keys. */
function withoutContent(secret: Readonly<Record<string, unknown>>): object {
  const { data, stringData, ...rest } = secret;
  const keys = [data, stringData].flatMap((content) => (isObject(content) ? Object.keys(content) : []));
  return { ...rest, keys: keys.sort() };
}
