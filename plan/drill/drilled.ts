import type { Plan } from "../model";

/** A plan as far as a drill looks at it. */
export type Drilled = Pick<Plan, "clusters" | "links" | "tenants" | "resources" | "control" | "endpoints">;
