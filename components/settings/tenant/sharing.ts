import { z } from "zod";

/** Tenants, of this stack or another one, that may use something. */
export const sharedWith = z
  .array(z.string().regex(/^(\*|[a-z0-9-]+)$/, { error: 'not a tenant\'s name, or "*" for every tenant' }))
  .default([])
  .describe('Other tenants that may use it; "*" for all. Default: nobody but the own tenant.');
