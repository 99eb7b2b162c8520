import type { CheckResult, ReadResult } from "@pulumi/pulumi/provider";
import { typeOf } from "../kind";
import type { ConfiguredProvider, Difference, Known } from "../serve";
import { isSame, type PropertyMap, plain } from "../wire";
import { type Account, keyOf } from "./account";
import { changedPaths, replacingPaths, type Versions } from "./changes";
import { AwsError } from "./errors";
import { type Faults, passFaults } from "./faults";
import { invoke } from "./functions";
import { completed, inputFailures, isAutonamed } from "./inputs";
import { type Call, type Model, shortName } from "./model";
import { inUseError, neededBy, requireReferences } from "./references";
import { changedIdentity, checkSettings, type Settings, settingsOf } from "./settings";
import { hidden, isInput, outputsOf, plannedOutputs, tagsOf } from "./state";
import { MODELS } from "./types";
import { isObject, type Props, text } from "./values";

/**
 * Stand-in for the plugin of @pulumi/aws: an account that is a file. It knows the types and functions that the program
 * uses, refuses what AWS refuses where a mistake is likely, and updates or replaces as the real provider does.
 *
 * It differs from AWS: everything is there at once and nothing costs; permissions are not checked, nor quotas; what AWS
 * does later by itself (certificates that are issued, nodes that join) does not happen; whatever is in use cannot go,
 * also where AWS would let it go and break what uses it (a cluster's role, a key).
 */
export class AwsProvider implements ConfiguredProvider {
  private settings: Settings = settingsOf({});

  constructor(
    readonly version: string,
    private readonly account: Account,
    private readonly faults?: Faults,
  ) {}

  checkConfig(news: PropertyMap): CheckResult {
    return checkSettings(news);
  }

  diffConfig(olds: PropertyMap, news: PropertyMap): readonly string[] {
    return changedIdentity(olds, news);
  }

  configure(settings: PropertyMap): void {
    this.settings = settingsOf(settings);
    this.account.open();
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    const model = modelOf(urn);
    const inputs = completed(model, urn, olds, news);
    return { inputs, failures: inputFailures(model, inputs) };
  }

  async diff({ urn, state, inputs }: Known, news: PropertyMap): Promise<Difference> {
    const model = modelOf(urn);
    const versions = { inputs: props(inputs), state: props(state), news: props(news) };
    const changed = changedPaths(model, versions);
    const replaces = replacingPaths(model, changed, versions);
    const tags = tagsOf(model, news, this.settings);
    const isTagged = tags !== undefined && !isSame(tags, state.tagsAll ?? {});
    return {
      changed: isTagged ? [...changed, "tagsAll"] : changed,
      replaces,
      deleteBeforeReplace: replaces.length > 0 && keepsName(model, versions),
    };
  }

  async create(urn: string, inputs: PropertyMap, preview: boolean): Promise<{ id: string; outs: PropertyMap }> {
    const model = modelOf(urn);
    if (preview) return { id: "", outs: plannedOutputs(model, inputs, this.settings) };
    return this.perform("creating", urn, () =>
      this.account.transact((view) => {
        const started = { ...this.callOf(urn, inputs), view, id: "" };
        requireReferences(model, started);
        const call: Call = { ...started, id: model.id(started) };
        model.accept?.(call);
        const outs = outputsOf(model, inputs, call, this.settings);
        view.put({ type: model.token, region: call.region, id: call.id, urn, state: hidden(outs) });
        model.created?.(call);
        return { id: call.id, outs };
      }),
    );
  }

  async read({ id, urn, state, inputs }: Known): Promise<ReadResult> {
    const model = modelOf(urn);
    return this.perform("reading", urn, async () => {
      const region = model.global ? "" : text(plain(state), "region") || this.settings.region;
      const found = this.account.snapshot().find((item) => keyOf(item) === keyOf({ type: model.token, region, id }));
      if (found === undefined || found.scheduled) return { id: "", props: {} };
      // What the account has of secrets is only that they are there.
      const isImport = Object.keys(state).length === 0;
      return { id, props: isImport ? found.state : state, inputs: isImport ? inputsOf(model, found.state) : inputs };
    });
  }

  async update({ id, urn, state, inputs }: Known, news: PropertyMap, preview: boolean): Promise<PropertyMap> {
    const model = modelOf(urn);
    const changed = changedPaths(model, { inputs: props(inputs), state: props(state), news: props(news) });
    if (preview) return plannedOutputs(model, news, this.settings, { state, changed });
    return this.perform("updating", urn, () =>
      this.account.transact((view) => {
        const started = this.callOf(urn, news);
        const item = view.get(model.token, id, started.region);
        if (item === undefined)
          throw new AwsError("ResourceNotFoundException", `${shortName(model.token)} ${id} does not exist`);
        const call: Call = { ...started, view, id, old: item.state };
        requireReferences(model, call);
        model.accept?.(call);
        const outs = outputsOf(model, news, call, this.settings);
        view.put({ ...item, urn, state: hidden(outs) });
        return outs;
      }),
    );
  }

  async delete({ id, urn, state }: Known): Promise<void> {
    const model = modelOf(urn);
    await this.perform("deleting", urn, () =>
      this.account.transact((view) => {
        const started = this.callOf(urn, state);
        const item = view.get(model.token, id, started.region);
        // What is gone already need not go.
        if (item === undefined) return;
        // How it is now, which may be otherwise than the program's last word.
        const args = { ...model.defaults, ...item.state };
        const call: Call = { ...started, args, view, id, old: item.state };
        const by = neededBy(item, MODELS, call);
        if (by !== undefined) throw inUseError(model, item, by);
        model.release?.(call);
        if (model.lingers?.(call)) view.put({ ...item, scheduled: true });
        else view.drop(keyOf(item));
        model.deleted?.(call);
      }),
    );
  }

  async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
    await passFaults(this.account, this.faults);
    return invoke(token, props(args), { ...this.settings, items: this.account.snapshot() });
  }

  private callOf(urn: string, inputs: PropertyMap): Omit<Call, "view" | "id"> {
    const model = modelOf(urn);
    const args = { ...model.defaults, ...props(inputs) };
    const region = model.global ? "" : text(args, "region") || this.settings.region;
    const { accountId, existing } = this.settings;
    return { urn, args, region, accountId, existing };
  }

  /** Runs a call as AWS's API would; what it refuses says what was being done. */
  private async perform<T>(doing: string, urn: string, work: () => Promise<T>): Promise<T> {
    try {
      await passFaults(this.account, this.faults);
      return await work();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new Error(`${doing} aws.${shortName(typeOf(urn))} (${urn.split("::").at(-1)}): ${error.message}`);
    }
  }
}

function modelOf(urn: string): Model {
  const model = MODELS.get(typeOf(urn));
  if (model === undefined) throw new Error(`the stand-in for aws has no resource type ${typeOf(urn)}`);
  return model;
}

function props(values: PropertyMap): Props {
  const found = plain(values);
  return isObject(found) ? found : {};
}

/** Two of one name cannot be there at once, so the old one goes first. */
function keepsName({ autoname }: Model, { inputs, news }: Versions): boolean {
  if (autoname === undefined || isAutonamed(news, autoname.field)) return false;
  return inputs[autoname.field] !== undefined && inputs[autoname.field] === news[autoname.field];
}

function inputsOf(model: Model, state: Props): Props {
  return Object.fromEntries(Object.entries(state).filter(([name]) => isInput(model, name)));
}
