// Shows /api/openapi.json as a page: endpoints by noun, then the shapes they speak of.

const METHODS = ["get", "post", "put", "patch", "delete"];

const response = await fetch("/api/openapi.json");
const api = await response.json();
const main = document.getElementById("main");
const contents = document.getElementById("contents");

/** An element with attributes and children; texts are never read as HTML. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

/** Text in which `marked` words are code. */
const prose = (text = "") => text.split(/`([^`]+)`/).map((part, i) => (i % 2 ? h("code", {}, part) : part));

const paragraphs = (text = "") => text.split(/\n{2,}/).map((part) => h("p", {}, prose(part)));

const nameOf = (reference) => reference.split("/").pop();

/** A type in few words, with links to named shapes. */
function type(schema = {}) {
  if (schema.$ref) return [h("a", { href: `#schema-${nameOf(schema.$ref)}` }, nameOf(schema.$ref))];
  const variants = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (variants) return variants.flatMap((variant, i) => (i ? [" | ", ...type(variant)] : type(variant)));
  if (schema.enum) return [schema.enum.map((value) => JSON.stringify(value)).join(" | ")];
  if (schema.items) return [...type(schema.items), "[]"];
  const names = [schema.type ?? "any"].flat();
  return [names.map((name) => (schema.format && name !== "null" ? `${name} (${schema.format})` : name)).join(" | ")];
}

function row(name, schema, required, description) {
  const mark = required ? "" : h("span", { class: "faint" }, " optional");
  return h(
    "tr",
    {},
    h("td", {}, h("code", {}, name), mark),
    h("td", {}, h("code", {}, type(schema))),
    h("td", {}, paragraphs(description ?? schema?.description)),
  );
}

/** The fields of a shape, or the type itself when it has none. */
function shape(schema = {}) {
  const properties = Object.entries(schema.properties ?? {});
  const parts = (schema.allOf ?? []).map(shape);
  if (!properties.length) return parts.length ? parts : [h("p", {}, h("code", {}, type(schema)))];
  const rows = properties.map(([name, of]) => row(name, of, schema.required?.includes(name)));
  return [...parts, h("table", {}, rows)];
}

function content(title, body) {
  return Object.entries(body?.content ?? {}).map(([kind, { schema }]) => [
    h("h4", {}, `${title}, ${kind}`),
    schema?.$ref ? h("p", {}, h("code", {}, type(schema))) : shape(schema),
  ]);
}

function endpoint({ method, path, operation }) {
  const parameters = operation.parameters ?? [];
  const answers = Object.entries(operation.responses ?? {});
  return h(
    "article",
    { id: operation.operationId },
    h("h3", {}, operation.summary ?? operation.operationId.replaceAll("_", " ")),
    h("p", { class: "call" }, h("code", {}, h("span", { class: "method" }, method.toUpperCase()), path)),
    paragraphs(operation.description),
    parameters.length ? h("h4", {}, "Parameters") : null,
    h("table", {}, parameters.map((p) => row(`${p.name} (${p.in})`, p.schema, p.required, p.description))),
    content("Body", operation.requestBody).flat(2),
    answers.flatMap(([status, answer]) => [
      h("h4", {}, `${status} `, prose(answer.description)),
      ...content("Answer", answer).flat(2),
    ]),
  );
}

function group({ name, description }, endpoints) {
  main.append(h("section", {}, h("h2", {}, name), paragraphs(description), endpoints.map(endpoint)));
  const links = endpoints.map(({ method, path, operation }) =>
    h("a", { href: `#${operation.operationId}` }, h("span", { class: "method" }, method.toUpperCase()), path.replace("/api/v1", "")),
  );
  contents.append(h("div", {}, h("h2", {}, name), links));
}

const endpoints = Object.entries(api.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => ({ method, path, operation: item[method] })),
);

main.replaceChildren(h("h1", {}, `${api.info.title} API ${api.info.version}`), ...paragraphs(api.info.description));
main.append(h("p", {}, h("a", { href: "/api/openapi.json" }, "openapi.json")));
for (const tag of api.tags) {
  const tagged = endpoints.filter(({ operation }) => operation.tags?.includes(tag.name));
  if (tagged.length) group(tag, tagged);
}
main.append(
  h(
    "section",
    {},
    h("h2", {}, "Shapes"),
    Object.entries(api.components.schemas).map(([name, schema]) =>
      h("article", { id: `schema-${name}` }, h("h3", {}, name), paragraphs(schema.description), shape(schema)),
    ),
  ),
);

document.getElementById("filter").addEventListener("input", ({ target }) => {
  for (const link of contents.querySelectorAll("a")) link.hidden = !link.textContent.includes(target.value.trim());
});
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
