import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Addon, CATALOG } from "../../../components/addons";

/** An add-on of the catalog. */
export function addonNamed(name: string): Addon {
  return CATALOG.find((addon) => addon.name === name) ?? assert.fail(`no add-on ${name}`);
}

/** A value with everything in it that arrives late. */
export function plain<T>(value: T): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => pulumi.output(value).apply((arrived) => resolve(arrived)));
}
