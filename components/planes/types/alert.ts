import { cel, field, schema } from "./cel";
import type { TraitSpec } from "./trait";

/** A rule of the observability plane that tells somebody. */
export const alert: TraitSpec = {
  description: "Tells somebody when logs or metrics of the component say so",
  spec: {
    parameters: schema(
      {
        description: { type: "string", description: "What it means, for whoever is told." },
        severity: field.choice(["info", "warning", "critical"], "warning", "How bad it is."),
        source: field.choice(["log", "metric"], "log", "What is watched."),
        query: field.text("", "What to look for in logs."),
        metric: field.choice(["cpu_usage", "memory_usage"], "cpu_usage", "Metric that is watched, in percent."),
        window: field.text("5m", "Time that is looked at."),
        operator: field.choice(
          ["gt", "lt", "gte", "lte", "eq"],
          "gt",
          "How what is found compares with the threshold.",
        ),
        threshold: field.number(10, "Where it begins to be one."),
      },
      ["description"],
    ),
    environmentConfigs: schema({
      enabled: field.truth(true, "Whether it is watched in this environment."),
      channels: field.texts("Who is told. Default: the environment's own channel."),
    }),
    creates: [
      {
        targetPlane: "observabilityplane",
        includeWhen: cel(
          'has(dataplane.observabilityPlaneRef) && (size(environmentConfigs.channels) > 0 || (has(environment.defaultNotificationChannel) && environment.defaultNotificationChannel != ""))',
        ),
        template: {
          apiVersion: "openchoreo.dev/v1alpha1",
          kind: "ObservabilityAlertRule",
          metadata: {
            name: cel("oc_generate_name(metadata.componentName, trait.instanceName)"),
            namespace: cel("metadata.namespace"),
            labels: {
              "openchoreo.dev/component-uid": cel("metadata.componentUID"),
              "openchoreo.dev/project-uid": cel("metadata.projectUID"),
              "openchoreo.dev/environment-uid": cel("metadata.environmentUID"),
            },
          },
          spec: {
            name: cel("trait.instanceName"),
            description: cel("parameters.description"),
            severity: cel("parameters.severity"),
            enabled: cel("environmentConfigs.enabled"),
            source: {
              type: cel("parameters.source"),
              query: cel('parameters.source == "log" ? parameters.query : oc_omit()'),
              metric: cel('parameters.source == "metric" ? parameters.metric : oc_omit()'),
            },
            condition: {
              window: cel("parameters.window"),
              interval: "1m",
              operator: cel("parameters.operator"),
              threshold: cel("parameters.threshold"),
            },
            actions: {
              notifications: {
                channels: cel(
                  "size(environmentConfigs.channels) > 0 ? environmentConfigs.channels : [environment.defaultNotificationChannel]",
                ),
              },
            },
          },
        },
      },
    ],
  },
};
