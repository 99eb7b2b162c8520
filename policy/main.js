// Starts the policy pack with tsx, which the project has installed: no build, and no type check at every preview.
require("tsx/cjs");
require("./index.ts");
