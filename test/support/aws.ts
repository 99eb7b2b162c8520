export * from "../../plan/program/aws";
