export { ORGANIZATION_PREFIX } from "./cel";
export { COMPONENT_WORKLOADS, type ComponentTypeName, componentTypes } from "./component-types";
export { PLACED_PROJECT_TYPE, PROJECT_TYPE, placedProjectType, projectType } from "./project-type";
export { TRAITS, type TraitName, traits } from "./traits";
export { type BuildSite, SAFE, WORKFLOWS, type WorkflowName, workflow } from "./workflows";
