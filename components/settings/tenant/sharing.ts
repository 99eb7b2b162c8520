import { z } from "zod";
import { label } from "../words";

/** Tenants, of this stack or another one, that may use something. */
export const sharedWith = z
  .array(z.string().regex(/^(\*|[a-z0-9-]+)$/, { error: 'not a tenant\'s name, or "*" for every tenant' }))
  .default([])
  .describe('Other tenants that may use it; "*" for all. Default: nobody but the own tenant.');

/** The name that data was made under: objects and volumes keep it, whatever they are called since. */
export const formerName = label("former name", 40)
  .optional()
  .describe("Its name when it was first brought up; data keeps that name. Default: it was never renamed.");
