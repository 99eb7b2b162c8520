import { cel, field, schema } from "./cel";
import { made, type TraitSpec } from "./trait";

/** Policies of the gateway hang on the component's routes, by their labels. */
const ROUTES = [
  {
    group: "gateway.networking.k8s.io",
    kind: "HTTPRoute",
    matchLabels: {
      "openchoreo.dev/component": cel("metadata.componentName"),
      "openchoreo.dev/project": cel("metadata.projectName"),
    },
  },
];

const LIMIT = '"limit": {"requests": parameters.rateLimit.requests, "unit": parameters.rateLimit.unit}';
const PER_CLIENT = '"clientSelectors": [{"sourceCIDR": {"type": "Distinct", "value": "0.0.0.0/0"}}]';

/** What the gateway does with requests to a component. */
export const traffic: TraitSpec = {
  description: "Rate limits, retries, circuit breaker, CORS and tokens at the gateway",
  spec: {
    parameters: schema({
      rateLimit: field.object(
        {
          requests: field.number(0, "Requests that are let through; 0 for no limit."),
          unit: field.choice(["Second", "Minute", "Hour"], "Minute", "In which time."),
          perClient: field.truth(true, "Count each client's address apart, or all of them together."),
        },
        "How many requests are let through.",
      ),
      retries: field.number(0, "How often a request that failed is tried again."),
      connections: field.number(1024, "Connections to all pods together; more are refused.", 1),
      pending: field.number(1024, "Requests that wait for a connection; more are refused.", 1),
      cors: field.object({ origins: field.texts("Origins that browsers may call it from.") }, "Calls across origins."),
      jwt: field.object(
        {
          issuer: field.text("", "Issuer of the tokens; empty asks for none."),
          jwks: field.text("", "URL of the issuer's keys."),
          audiences: field.texts("Audiences that are accepted. Default: any."),
        },
        "Tokens that requests must carry.",
      ),
    }),
    validations: [
      {
        rule: cel('parameters.jwt.issuer == "" || parameters.jwt.jwks != ""'),
        message: "jwt.issuer needs jwt.jwks, the URL of its keys",
      },
    ],
    creates: [
      {
        template: made("BackendTrafficPolicy", {
          apiVersion: "gateway.envoyproxy.io/v1alpha1",
          spec: {
            targetSelectors: ROUTES,
            rateLimit: cel(
              `parameters.rateLimit.requests > 0 ? {"type": "Global", "global": {"rules": [parameters.rateLimit.perClient ? {${PER_CLIENT}, ${LIMIT}} : {${LIMIT}}]}} : oc_omit()`,
            ),
            retry: cel(
              'parameters.retries > 0 ? {"numRetries": parameters.retries, "retryOn": {"triggers": ["connect-failure", "retriable-status-codes"], "httpStatusCodes": [502, 503, 504]}} : oc_omit()',
            ),
            circuitBreaker: {
              maxConnections: cel("parameters.connections"),
              maxPendingRequests: cel("parameters.pending"),
            },
          },
        }),
      },
      {
        includeWhen: cel('size(parameters.cors.origins) > 0 || parameters.jwt.issuer != ""'),
        template: made("SecurityPolicy", {
          apiVersion: "gateway.envoyproxy.io/v1alpha1",
          spec: {
            targetSelectors: ROUTES,
            cors: cel(
              'size(parameters.cors.origins) > 0 ? {"allowOrigins": parameters.cors.origins, "allowMethods": ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], "allowHeaders": ["authorization", "content-type"]} : oc_omit()',
            ),
            jwt: cel(
              'parameters.jwt.issuer != "" ? {"providers": [{"name": "tokens", "issuer": parameters.jwt.issuer, "audiences": parameters.jwt.audiences, "remoteJWKS": {"uri": parameters.jwt.jwks}}]} : oc_omit()',
            ),
          },
        }),
      },
    ],
  },
};
