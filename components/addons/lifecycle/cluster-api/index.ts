export { clusterApiOperator } from "./operator";
export { clusterApi, clusterApiAws, clusterApiDocker } from "./providers";
