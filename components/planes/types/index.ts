export { ORGANIZATION_PREFIX } from "./cel";
export { COMPONENT_WORKLOADS, type ComponentTypeName, componentTypes } from "./component-types";
export { PROJECT_TYPE, projectType } from "./project-type";
export { TRAITS, type TraitName, traits } from "./traits";
export { type BuildSite, SAFE, WORKFLOWS, type WorkflowName, workflow } from "./workflows";
