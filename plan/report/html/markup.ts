/** Markup that is safe to put into a page. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/** A template of HTML: what is put into it is escaped, unless it is {@link Markup} itself. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const text = parts.map((part, index) => (index === 0 ? part : `${markupOf(contents[index - 1])}${part}`));
  return new Markup(text.join(""));
}

function markupOf(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "object") return content.map(markupOf).join("");
  return escaped(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it stands in HTML, also in attributes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** A table whose rows become cards where there is no room; each cell names its column for that. */
export function table(label: string, head: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  return html`<table class="stack" aria-label="${label}">
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td data-label="${head[index] ?? ""}">${cell}</td>`)}</tr>`)}</tbody>
</table>`;
}

/** A section with a heading that a link can lead to. */
export function section(id: string, title: string, body: Content, note?: Content): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<header><h2 id="${id}-title">${title}</h2>${note === undefined ? "" : html`<p class="note">${note}</p>`}</header>
${body}
</section>
`;
}
