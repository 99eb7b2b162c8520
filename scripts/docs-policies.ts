import { RULES } from "../policy/rules";

/** Topics in the order of the page, by what the names of their rules begin with. */
const TOPICS: Readonly<Record<string, string>> = {
  workloads: "Workloads",
  namespaces: "Namespaces",
  rbac: "Rights in clusters",
  network: "Network",
  gateway: "Gateways",
  mesh: "Mesh",
  helm: "Charts and their values",
  secrets: "Secrets",
  data: "Data",
  aws: "AWS",
  stack: "What must exist in a stack",
  exemptions: "Exemptions",
};

/** The generated part of docs/policies.md. */
export function policiesPage(): string {
  const counts = `${RULES.length} rules; ${RULES.filter(({ kind }) => kind === "stack").length} of them look at a stack as a whole`;
  const topics = Object.entries(TOPICS).map(([topic, title]) => section(topic, title));
  return `# Policies

What every stack has to keep: ${counts}. Each is mandatory unless it says otherwise. They run in \`npm run plan\`, in
\`npm run rehearse\`, and in \`pulumi preview --policy-pack policy\` and \`up\`, with the same words.

${topics.join("\n\n")}`;
}

function section(topic: string, title: string): string {
  const rules = RULES.filter(({ name }) => name.startsWith(`${topic}-`));
  return [`## ${title}`, ...rules.map(entry)].join("\n\n");
}

function entry({ name, description, severity, enforcement, reason, fix, options }: (typeof RULES)[number]): string {
  const level = enforcement === "remediate" ? "remedies what it finds" : enforcement;
  const settings = Object.entries(options).map(([key, { description: what, byDefault }]) => {
    return `- \`${key}\`: ${what} Default: \`${JSON.stringify(byDefault)}\`.`;
  });
  const first = `### ${name}\n\n${description} *${severity}, ${level}.* ${capital(reason)}. ${fix}`;
  return settings.length === 0 ? first : `${first}\n\n${settings.join("\n")}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Topics that a rule has and the page has not. */
export function strayTopics(): string[] {
  const topics = RULES.map(({ name }) => name.split("-")[0] ?? "");
  return [...new Set(topics)].filter((topic) => TOPICS[topic] === undefined);
}
