export * from "../../plan/program/mocks";
