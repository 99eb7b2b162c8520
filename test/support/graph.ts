export * from "../../plan/program/graph";
