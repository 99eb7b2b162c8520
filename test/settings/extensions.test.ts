import { CATALOG } from "../../components/addons";
import { accepts, type Json, refuses } from "../support/settings";

function extension(more: Json = {}): Json {
  return {
    chart: { repository: "https://charts.choreo.test", name: "widget", version: "1.2.3" },
    namespace: "widget",
    planes: ["data"],
    ...more,
  };
}

const WIDGET = "platform.extensions.widget";
const EXACT = "an exact chart version such as 1.2.3; ranges are refused";

describe("settings: extensions", () => {
  accepts([
    ["one", { [WIDGET]: extension() }],
    ["one that needs an add-on", { [WIDGET]: extension({ needs: ["cert-manager"] }) }],
    [
      "one that needs another",
      { [WIDGET]: extension({ needs: ["gadget"] }), "platform.extensions.gadget": extension({ namespace: "gadget" }) },
    ],
  ]);
  refuses([
    [
      "a version that is a range",
      { [`${WIDGET}`]: extension(), [`${WIDGET}.chart.version`]: "^1.2.3" },
      `${WIDGET}.chart.version: ${EXACT}`,
    ],
    [
      "a version of two numbers",
      { [`${WIDGET}`]: extension(), [`${WIDGET}.chart.version`]: "1.2" },
      `${WIDGET}.chart.version: ${EXACT}`,
    ],
    [
      "a repository without a scheme",
      { [`${WIDGET}`]: extension(), [`${WIDGET}.chart.repository`]: "charts.choreo.test" },
      `${WIDGET}.chart.repository: a repository is https://… or oci://… (the chart itself)`,
    ],
    [
      "the namespace of another",
      { [WIDGET]: extension(), "platform.extensions.gadget": extension() },
      'platform.extensions.gadget.namespace: "widget" is the namespace of extension widget; give the extension one of its own',
    ],
    [
      "the namespace of an add-on",
      { [WIDGET]: extension({ namespace: "cert-manager" }) },
      `${WIDGET}.namespace: "cert-manager" is the namespace of add-on cert-manager; give the extension one of its own`,
    ],
    [
      "a namespace of the cluster",
      { [WIDGET]: extension({ namespace: "kube-system" }) },
      `${WIDGET}.namespace: "kube-system" is the namespace of the cluster; give the extension one of its own`,
    ],
    [
      "a plane that no cluster has",
      { [WIDGET]: extension({ planes: ["workflow"] }), "platform.clusters.control.planes": ["control"] },
      `${WIDGET}.planes: no cluster has a plane of workflow`,
    ],
    ["no plane", { [WIDGET]: extension({ planes: [] }) }, `${WIDGET}.planes: name at least one plane`],
    [
      "an unknown need",
      { [WIDGET]: extension({ needs: ["gizmo"] }) },
      `${WIDGET}.needs: no add-on or extension "gizmo"; there are ${CATALOG.map((addon) => addon.name).join(", ")}`,
    ],
    [
      "a need that is switched off",
      { [WIDGET]: extension({ needs: ["cert-manager"] }), "platform.certManager.enabled": false },
      `platform.certManager.enabled: false, but widget needs it; switch widget off too, or leave it on`,
    ],
    [
      "itself as a need",
      { [WIDGET]: extension({ needs: ["widget"] }) },
      `${WIDGET}.needs: go round in a circle: widget → widget; break it at one of them`,
    ],
    [
      "needs that go round in a circle",
      {
        [WIDGET]: extension({ needs: ["gadget"] }),
        "platform.extensions.gadget": extension({ needs: ["widget"], namespace: "gadget" }),
      },
      `${WIDGET}.needs: go round in a circle: widget → gadget → widget; break it at one of them`,
    ],
    [
      "the name of an add-on",
      { "platform.extensions.cert-manager": extension() },
      "platform.extensions.cert-manager: is the name of an add-on of the platform; choose another",
    ],
    [
      "a name with upper case",
      { "platform.extensions.Widget": extension() },
      'platform.extensions.Widget: an extension name has lower-case letters, digits and "-" only, with a letter or digit at both ends',
    ],
  ]);
});
