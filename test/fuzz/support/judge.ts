import { parentPort } from "node:worker_threads";
import { type Case, outcomeOf } from "./case";

// Runs cases in a thread of its own, so that one that never ends can be ended.
parentPort?.on("message", (one: Case) => parentPort?.postMessage(outcomeOf(one)));
parentPort?.postMessage("ready");
