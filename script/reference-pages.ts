/**
 * Writes the reference of the API as pages for the site of the documents, from the OpenAPI document: a page for each subject, with each route's fields, refusals and examples.
 *
 *     node script/reference-pages.ts DIRECTORY
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wholeDocument } from "../packages/client/src/documented-routes.ts";
import { exampleOf } from "../packages/server/src/platform/api/postman-collection.ts";
import { callExamples } from "./reference/calls.ts";
import { type Field, fieldsOf, type Schema, type Schemas, typeOf } from "./reference/fields.ts";

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
};
type Operation = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly "x-scope": string;
  readonly security: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, { readonly post: { readonly requestBody: { readonly content: Content } } }>>;
  readonly components: { readonly schemas: Schemas };
};
type Route = { readonly method: string; readonly path: string; readonly operation: Operation };

const JSON_TYPE = "application/json";
/** More would be a page by themselves: the OpenAPI document has all. */
const MAX_FIELDS = 120;

/** @returns pages by the names of their files */
export function referencePages({ paths, webhooks, components: { schemas } }: Document): ReadonlyMap<string, string> {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => ({ method: method.toUpperCase(), path, operation })),
  );
  const byTag = Map.groupBy(routes, ({ operation }) => operation.tags[0] ?? "Others");
  const tags = [...byTag.keys()].toSorted((one, other) => one.localeCompare(other, "en"));
  const pages = tags.map((tag): [string, string] => [`${fileOf(tag)}.md`, subjectPage(tag, byTag.get(tag) ?? [], schemas)]);
  const rows = tags.map((tag) => `| [${text(tag)}](${fileOf(tag)}.md) | ${byTag.get(tag)?.length ?? 0} |`);
  const index = `# API reference

${routes.length} routes below \`/api/v1\`, made of the server's own description. [The API](../api.md) explains what is common to all: keys, refusals, lists, versions. Your server has a page to try them, \`/api/docs\`, the OpenAPI 3.1
document, \`/api/v1/openapi.json\`, and a collection for Postman, Bruno, Insomnia and Hoppscotch.

| subject | routes |
|---|---|
${rows.join("\n")}
| [Webhook events](webhook-events.md) | ${Object.keys(webhooks).length} events |
`;
  return new Map([["index.md", index], ...pages, ["webhook-events.md", webhooksPage(webhooks, schemas)]]);
}

function subjectPage(tag: string, routes: readonly Route[], schemas: Schemas): string {
  const list = routes.map(
    ({ method, path, operation: { operationId, summary } }) =>
      `| \`${method}\` | [${text(summary)}](#${anchorOf(operationId)}) | \`${path.replace("/api/v1", "")}\` |`,
  );
  return [
    `# ${text(tag)}`,
    `| | | below \`/api/v1\` |\n|---|---|---|\n${list.join("\n")}`,
    ...routes.map((route) => routePart(route, schemas)),
  ].join("\n\n");
}

function routePart({ method, path, operation }: Route, schemas: Schemas): string {
  const { operationId, summary, security, parameters = [], requestBody, responses } = operation;
  const isOpen = security.length === 0;
  const [bodyType, sent] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const body = bodyType === JSON_TYPE && sent?.schema ? exampleOf(sent.schema, schemas) : undefined;
  const examples = callExamples({
    method,
    path,
    isOpen,
    body,
    bodyType: bodyType === undefined || bodyType === JSON_TYPE ? null : bodyType,
  });
  const given = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  const refusals = Object.entries(responses).filter(([status]) => /^[45]/.test(status));
  return [
    `## ${text(summary)} {#${anchorOf(operationId)}}`,
    `<p class="route"><b class="${method.toLowerCase()}">${method}</b><code>${text(path)}</code></p>`,
    isOpen ? "Open: no key, and nobody signed in." : `Needs a session, or a key with the scope \`${operation["x-scope"]}\`.`,
    `::: code-group\n${examples.map(([language, tab, code]) => `\`\`\`${language} [${tab}]\n${code}\n\`\`\``).join("\n")}\n:::`,
    ...partOf("In the address and the head", parameterFields(parameters, schemas)),
    ...(sent?.schema ? partOf(bodyType === JSON_TYPE ? "Body" : `Body, ${bodyType}`, fieldsOf(sent.schema, schemas)) : []),
    ...given.flatMap(([status, { description, content }]) => {
      const [type, answer] = Object.entries(content ?? {})[0] ?? [];
      const fields = answer?.schema ? fieldsOf(answer.schema, schemas) : [];
      const title = `Answer ${status}${type === undefined || type === JSON_TYPE ? "" : `, ${type}`}`;
      if (fields.length > 0) return partOf(title, fields, true);
      return [`**${title}**: ${text(answer?.schema ? typeOf(answer.schema, schemas) : description)}`];
    }),
    `::: details Refusals\n${refusals.map(([status, { description }]) => `- ${status}: ${description.replace(/[\w-]+/g, "`$&`")}`).join("\n")}\n:::`,
  ].join("\n\n");
}

function parameterFields(parameters: readonly Parameter[], schemas: Schemas): readonly Field[] {
  return parameters.map(({ name, required, description = "", schema }) => ({
    name,
    type: typeOf(schema, schemas),
    isRequired: required,
    description,
  }));
}

/** A table of fields; nothing where there are none. @param isGiven fields of an answer, which are there unless it says so */
function partOf(title: string, fields: readonly Field[], isGiven = false): readonly string[] {
  if (fields.length === 0) return [];
  const rows = fields.slice(0, MAX_FIELDS).map(({ name, type, isRequired, description }) => {
    const mark = isGiven ? (isRequired ? "" : " <i>may be absent</i>") : isRequired ? " <i>required</i>" : "";
    return `| \`${name}\`${mark} | ${text(type)} | ${text(description)} |`;
  });
  const rest = fields.length > MAX_FIELDS ? `\n\n${fields.length - MAX_FIELDS} more are in the OpenAPI document.` : "";
  const table = `| field | is | |\n|---|---|---|\n${rows.join("\n")}${rest}`;
  return [isGiven ? `::: details ${title}\n${table}\n:::` : `**${title}**\n\n${table}`];
}

function webhooksPage(webhooks: Document["webhooks"], schemas: Schemas): string {
  const parts = Object.entries(webhooks).map(([event, { post }]) => {
    const schema = post.requestBody.content[JSON_TYPE]?.schema ?? {};
    return [`## ${text(event)} {#${anchorOf(event)}}`, ...partOf("Body", fieldsOf(schema, schemas), true)].join("\n\n");
  });
  return [
    "# Webhook events",
    "What the server sends to your receivers. [The API](../api.md#webhooks) says how they are signed, repeated and checked.",
    ...parts,
  ].join("\n\n");
}

function fileOf(tag: string): string {
  return tag.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function anchorOf(operationId: string): string {
  return operationId.replace(/[^\w-]+/g, "-");
}

/** For Markdown in which Vue reads tags and pairs of braces. */
function text(words: string): string {
  return words
    .replace(/[&<>{}|*_[\]\\]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/`([^`]*)`/g, "<code>$1</code>")
    .replace(/\s+/g, " ");
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2);
  if (directory === undefined) throw new Error("the directory is missing");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [file, page] of referencePages(wholeDocument() as unknown as Document))
    writeFileSync(join(directory, file), `${page}\n`);
}
