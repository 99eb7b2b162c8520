import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { cryptoProvider } from "@peculiar/x509";

// The library needs the reflection above before it loads; so everything takes it from here.
cryptoProvider.set(webcrypto);

export * from "@peculiar/x509";
