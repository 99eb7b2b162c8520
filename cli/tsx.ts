import { pathToFileURL } from "node:url";

/** What `node --import` takes to run TypeScript. By its address: a process in another folder would not find the package. */
export const TSX = pathToFileURL(require.resolve("tsx")).href;
