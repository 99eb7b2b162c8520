// The page's own script: chooses clusters, finds resources, and switches colours. It is put into the page as it is, and
// the page's policy lets nothing else run.
(() => {
  const plan = JSON.parse(document.getElementById("plan").textContent);
  const { names } = plan;
  const PAGE = 100;

  const [NAME, TYPE, CLUSTER, AREA, ADDON, PARENT, NEEDS, MANAGED, PROTECT, CHANGE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

  /** An element with attributes and content; text is never read as markup. */
  function element(tag, attributes = {}, ...content) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== undefined) made.setAttribute(key, value);
    }
    made.append(...content.filter((one) => one !== undefined && one !== ""));
    return made;
  }

  const byId = (id) => document.getElementById(id);

  // Colours: as the system has them, or as they were chosen.
  const THEMES = ["Auto", "Light", "Dark"];
  const theme = byId("theme");

  function remembered() {
    try {
      return localStorage.getItem("plan-theme") ?? "Auto";
    } catch {
      return "Auto";
    }
  }

  function setTheme(name) {
    theme.textContent = name;
    theme.setAttribute("aria-label", `Colours: ${name === "Auto" ? "as the system has them" : name.toLowerCase()}`);
    if (name === "Auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name.toLowerCase();
    try {
      localStorage.setItem("plan-theme", name);
    } catch {
      // Files that are opened from a disk may have no storage.
    }
  }

  theme.addEventListener("click", () => setTheme(THEMES[(THEMES.indexOf(theme.textContent) + 1) % THEMES.length]));
  setTheme(THEMES.includes(remembered()) ? remembered() : "Auto");

  // Resources.
  const rows = byId("rows");
  const filters = {
    text: byId("search"),
    cluster: byId("by-cluster"),
    area: byId("by-area"),
    type: byId("by-type"),
    change: byId("by-change"),
  };
  let shown = PAGE;
  let addon = "";

  const textOf = (one) => `${one[NAME]} ${names.types[one[TYPE]]} ${names.addons[one[ADDON]] ?? ""}`.toLowerCase();
  const haystack = plan.resources.map(textOf);
  const neededBy = new Map();
  plan.resources.forEach((one, index) => {
    for (const need of one[NEEDS]) neededBy.set(need, [...(neededBy.get(need) ?? []), index]);
  });

  function urnOf(one) {
    const chain = [names.types[one[TYPE]]];
    for (let at = plan.resources[one[PARENT]]; at !== undefined; at = plan.resources[at[PARENT]]) {
      chain.unshift(names.types[at[TYPE]]);
    }
    return `urn:pulumi:${plan.stack}::openchoreo::${chain.join("$")}::${one[NAME]}`;
  }

  function options(select, values) {
    for (const value of values) select.append(element("option", { value }, value));
  }

  const used = (key, list) =>
    [...new Set(plan.resources.map((one) => list[one[key]] ?? ""))].filter((value) => value !== "").sort();
  options(filters.cluster, [...used(CLUSTER, names.clusters), "(no cluster)"]);
  options(filters.area, used(AREA, names.areas));
  options(filters.type, used(TYPE, names.types));
  options(
    filters.change,
    ["created", "changed", "replaced", "deleted"].filter((kind) => plan.resources.some((one) => one[CHANGE] === kind)),
  );

  /** Whether a filter lets a value through; an empty one lets everything through. */
  const lets = (wanted, value) => wanted === "" || wanted === value;

  function matches(one, index, words) {
    const { cluster, area, type, change } = filters;
    return (
      // What only groups others is shown where its type is asked for.
      (one[MANAGED] === 1 || type.value !== "") &&
      lets(cluster.value, names.clusters[one[CLUSTER]] ?? "(no cluster)") &&
      lets(area.value, names.areas[one[AREA]]) &&
      lets(type.value, names.types[one[TYPE]]) &&
      lets(change.value, one[CHANGE]) &&
      lets(addon, names.addons[one[ADDON]]) &&
      (words.every((word) => haystack[index].includes(word)) || urnOf(one).toLowerCase() === words.join(" "))
    );
  }

  function list(indexes) {
    const some = indexes.slice(0, 12).map((index) => plan.resources[index][NAME]);
    return (
      `${some.join(", ")}${indexes.length > some.length ? ` and ${indexes.length - some.length} more` : ""}` ||
      "nothing"
    );
  }

  function rowOf(index) {
    const one = plan.resources[index];
    const cluster = names.clusters[one[CLUSTER]] ?? "";
    const change = one[CHANGE] === "" ? undefined : element("span", { class: `tag ${one[CHANGE]}` }, one[CHANGE]);
    const row = element(
      "details",
      { class: "row" },
      element(
        "summary",
        {},
        element(
          "span",
          {},
          element("code", {}, one[NAME]),
          " ",
          change,
          one[PROTECT] ? element("span", { class: "tag" }, "protected") : "",
        ),
        element("span", { class: "note" }, names.types[one[TYPE]]),
        element("span", {}, cluster),
        element("span", { class: "note" }, names.areas[one[AREA]]),
      ),
    );
    row.addEventListener("toggle", () => {
      if (!row.open || row.querySelector("dl") !== null) return;
      const facts = [
        ["URN", urnOf(one)],
        ["Add-on", names.addons[one[ADDON]]],
        ["Parent", plan.resources[one[PARENT]]?.[NAME]],
        ["Waits for", list(one[NEEDS])],
        ["Waited for by", list(neededBy.get(index) ?? [])],
      ];
      const terms = facts
        .filter(([, text]) => text !== undefined)
        .flatMap(([term, text]) => [element("dt", {}, term), element("dd", {}, text)]);
      row.append(element("dl", {}, ...terms));
    });
    return row;
  }

  function show() {
    const words = filters.text.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const found = plan.resources.flatMap((one, index) => (matches(one, index, words) ? [index] : []));
    rows.replaceChildren(...found.slice(0, shown).map(rowOf));
    const managed = plan.resources.filter((one) => one[MANAGED]).length;
    const only = addon === "" ? "" : `, of the add-on ${addon}`;
    byId("found").textContent =
      `${found.length} of ${managed}${only}${found.length > shown ? `; the first ${shown} are shown` : ""}`;
    byId("more").hidden = found.length <= shown;
  }

  function change() {
    shown = PAGE;
    show();
  }

  for (const filter of Object.values(filters)) filter.addEventListener("input", change);
  const form = document.querySelector(".filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    addon = "";
    setTimeout(change);
  });
  byId("more").addEventListener("click", () => {
    shown += PAGE * 5;
    show();
  });

  /** Shows the resources of a cluster, or of an add-on on it. */
  function narrow(cluster, wanted = "") {
    form.reset();
    filters.cluster.value = cluster;
    setTimeout(() => {
      addon = wanted;
      change();
      byId("resources").scrollIntoView();
      filters.text.focus({ preventScroll: true });
    });
  }

  // The fleet.
  const cards = [...document.querySelectorAll(".card")];

  function facts(cluster) {
    const place = cluster.region === null ? cluster.provider : `${cluster.provider}, ${cluster.region}`;
    const store = {
      cloud: "buckets of its account",
      settings: "the server that settings name",
      server: "a server in the cluster",
    };
    const copy =
      cluster.objectStore.replicaRegion === undefined ? "" : `, copied to ${cluster.objectStore.replicaRegion}`;
    const pairs = [
      ["Planes", cluster.planes.join(", ")],
      ["Provider", place],
      ["Kubernetes", cluster.kubernetes],
      ["Wave", String(cluster.wave)],
      ["Mesh id", cluster.meshId === undefined ? "outside the mesh" : String(cluster.meshId)],
      ["Backups", `${store[cluster.objectStore.place]}${copy}`],
      ["Traffic", cluster.drained ? "drained" : undefined],
    ];
    return pairs
      .filter(([, text]) => text !== undefined)
      .flatMap(([term, text]) => [element("dt", {}, term), element("dd", {}, text)]);
  }

  function part(title, items) {
    if (items.length === 0) return [];
    return [element("h3", {}, title), element("ul", {}, ...items.map((item) => element("li", {}, item)))];
  }

  function detailOf(cluster) {
    const { name } = cluster;
    const links = plan.links.filter(({ from, to }) => from === name || to === name);
    const count = plan.resources.filter((one) => one[MANAGED] && names.clusters[one[CLUSTER]] === name).length;
    const addons = cluster.addons.map((one) =>
      element("button", { type: "button", onclick: () => narrow(name, one) }, one),
    );
    const here = plan.components.filter(({ clusters }) => clusters.includes(name));
    return [
      element(
        "div",
        {},
        element("h3", {}, name),
        element("dl", {}, ...facts(cluster)),
        element("button", { type: "button", onclick: () => narrow(name) }, `Show its ${count} resources`),
      ),
      element(
        "div",
        {},
        ...part(
          "Links",
          links.map(({ from, to, kinds }) => `${from === name ? to : from}: ${kinds.join(", ")}`),
        ),
        ...part(
          "Components",
          here.map(({ component, environment }) =>
            environment === undefined ? component : `${component} (${environment})`,
          ),
        ),
      ),
      element("div", {}, element("h3", {}, `${addons.length} add-ons`), element("div", { class: "chips" }, ...addons)),
    ];
  }

  function choose(name) {
    for (const card of cards) card.setAttribute("aria-pressed", String(card.dataset.cluster === name));
    for (const path of document.querySelectorAll(".links path")) {
      path.classList.toggle("on", path.dataset.from === name || path.dataset.to === name);
    }
    const cluster = plan.clusters.find((one) => one.name === name);
    if (cluster !== undefined) byId("cluster").replaceChildren(...detailOf(cluster));
  }

  for (const card of cards) {
    card.addEventListener("click", () => choose(card.dataset.cluster));
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(card.dataset.cluster);
    });
  }

  if (plan.clusters.length > 0) choose(plan.clusters[0].name);
  show();
})();
