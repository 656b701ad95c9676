/** docs/room-protocol.md has the kinds, fields, limits and codes that this package declares: each one, and no other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Field, Fields } from "./fields.ts";
import type { Kind } from "./kind.ts";
import { ALLOWANCE, MAX_MESSAGE, MAX_MESSAGE_ID, OFTEN_ALLOWANCE } from "./message.ts";
import { ENTRY_REFUSALS, LASTING_REFUSALS, LATER_REFUSALS, PASSING_REFUSALS } from "./refusals.ts";
import { MAX_HELD_OF_KIND } from "./retained-entries.ts";
import { SIGNALS } from "./signals.ts";
import { KINDS } from "./test-kinds.ts";

const DOCS = join(import.meta.dirname, "../../../docs");
const PAGE = readFileSync(join(DOCS, "room-protocol.md"), "utf8");
const API = readFileSync(join(DOCS, "api.md"), "utf8");
/** Fields of the entry itself: on the wire they hide those of its body. */
const OF_ENTRY = ["epoch", "seq", "at", "mediaTime", "id", "from", "name", "role", "kind", "key", "gone", "to"];

const ELSEWHERE: readonly string[] = ["page", "moderation"];

/** `text?` or `state: "open" | "closed"`. */
type Named = { readonly isOptional: boolean; readonly values: readonly string[] };
type Form = ReadonlyMap<string, Named>;

/** The cells of the rows of the first table below a heading. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const at = PAGE.indexOf(`\n${heading}\n`);
  assert.ok(at >= 0, `there is no ${heading}`);
  const [table] = /(?:^\|.*\n)+/m.exec(PAGE.slice(at)) ?? [""];
  const [, , ...rows] = table.trim().split("\n");
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|")),
  );
}

/** What stands in backquotes. */
function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}

/** The forms of a cell: `{ref, text?, state: "open" | "closed", author: {id, name}}`. */
function formsIn(cell: string): readonly Form[] {
  return quoted(cell)
    .filter((text) => text.startsWith("{"))
    .map((text) => new Map(split(text.slice(1, -1)).map(readField)));
}

/** At the commas that are in no brackets. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const letter of text) {
    depth += "{[(".includes(letter) ? 1 : "}])".includes(letter) ? -1 : 0;
    if (letter === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += letter;
  }
  return [...parts, part.trim()].filter((one) => one !== "");
}

function readField(text: string): [string, Named] {
  const [, name = "", mark, type = ""] = /^(\w+)(\?)?(?:: (.+))?$/s.exec(text) ?? [];
  assert.notEqual(name, "", `${text} is no field`);
  return [name, { isOptional: mark === "?", values: [...type.matchAll(/"([^"]+)"/g)].map(([, value = ""]) => value) }];
}

function isOptional({ is }: Field): boolean {
  return is === "optional" || is === "default";
}

/** The values of a field that is a choice; none of others. */
function valuesOf(field: Field): readonly string[] {
  if (field.is === "choice") return field.values;
  return field.is === "optional" || field.is === "nullable" || field.is === "default" ? valuesOf(field.of) : [];
}

/** `name?` of each field. A field that some of the page's forms leave out may be left out. */
function namesIn(forms: readonly Form[]): readonly string[] {
  const names = new Set(forms.flatMap((form) => [...form.keys()]));
  return [...names].map((name) => `${name}${forms.every((form) => form.get(name)?.isOptional === false) ? "" : "?"}`).sort();
}

function namesOf(fields: Fields): readonly string[] {
  return Object.entries(fields)
    .map(([name, field]) => `${name}${isOptional(field) ? "?" : ""}`)
    .sort();
}

function checkValues(forms: readonly Form[], declared: readonly Fields[], what: string): void {
  for (const name of new Set(declared.flatMap((fields) => Object.keys(fields)))) {
    const named = forms.flatMap((form) => form.get(name)?.values ?? []);
    const known = declared.flatMap((fields) => (fields[name] ? valuesOf(fields[name]) : []));
    if (named.length > 0 && known.length > 0) assert.deepEqual(named.toSorted(), known.toSorted(), `${what}: ${name}`);
  }
}

/** What the page says of an action, or of a kind without actions. */
function checkSent({ kind, sends }: Kind, cell: string): void {
  const forms = formsIn(cell);
  if ("actions" in sends) {
    const named = new Set(forms.flatMap((form) => form.get("action")?.values ?? []));
    assert.deepEqual([...named].sort(), Object.keys(sends.actions).sort(), `${kind}: actions`);
    for (const [action, fields] of Object.entries(sends.actions)) {
      const own = forms.filter((form) => form.get("action")?.values.includes(action));
      assert.deepEqual(namesIn(own), ["action", ...namesOf(fields)].sort(), `${kind}: ${action}`);
      checkValues(own, [fields], `${kind}: ${action}`);
    }
  } else if ("forms" in sends) {
    assert.deepEqual(forms.map((form) => namesIn([form])).sort(), sends.forms.map(namesOf).sort(), kind);
  } else {
    const some = cell.includes("with some of");
    const named = namesIn(forms).map((name) => (some ? `${name}?` : name));
    assert.deepEqual(named, namesOf(sends.fields), kind);
    for (const field of Object.values(sends.fields))
      for (const value of valuesOf(field)) if (!some) assert.ok(quoted(cell).includes(value), `${kind}: ${value}`);
  }
}

/** @param where the cell with all forms of the entries of a key, or of a kind */
function checkEntries(declared: readonly Fields[], where: string, what: string): void {
  const forms = formsIn(where).filter((form) => !form.has("deleted"));
  const names = new Set(forms.flatMap((form) => [...form.keys()]));
  const known = new Set(declared.flatMap((fields) => Object.keys(fields)).filter((name) => !OF_ENTRY.includes(name)));
  assert.deepEqual([...names].sort(), [...known].sort(), `${what}: fields`);
  checkValues(forms, declared, what);
}

function formsOf({ entries }: Kind, key?: string | null): readonly Fields[] {
  return entries
    .filter((entry) => key === undefined || entry.key === key)
    .flatMap(({ fields, gone }) => (gone ? [fields, gone] : [fields]));
}

test("the page has each kind that can be sent, with its actions, fields and values", () => {
  const rows = tableBelow("## Kinds");
  const byKind = new Map(rows.map(([sent = ""]) => [quoted(sent)[0], sent]));
  assert.deepEqual([...byKind.keys()].sort(), KINDS.map(({ kind }) => kind).sort());
  for (const kind of KINDS) checkSent(kind, byKind.get(kind.kind) ?? "");
});

test("the page has the keys and fields of the entries of each kind", () => {
  const rows = tableBelow("## Kinds");
  for (const kind of KINDS) {
    const [, , cell = ""] = rows.find(([sent = ""]) => quoted(sent)[0] === kind.kind) ?? [];
    // Their fields are in tables of their own.
    if (ELSEWHERE.includes(kind.kind)) continue;
    if (kind.entries.length === 0) {
      assert.ok(cell.startsWith("none"), kind.kind);
      continue;
    }
    for (const { key } of kind.entries) if (key !== null) assert.ok(quoted(cell).includes(key), `${kind.kind}: ${key}`);
    checkEntries(formsOf(kind), cell, kind.kind);
  }
});

test("the page has the fields of the entries of the board's keys, and of moderation's", () => {
  const tables = [
    ["page", tableBelow("## The board"), 1],
    ["moderation", tableBelow("Entries of the kind `moderation`:"), 2],
  ] as const;
  for (const [name, rows, column] of tables) {
    const kind = KINDS.find(({ kind: known }) => known === name);
    assert.ok(kind);
    const keys = rows.map(([key = ""]) => quoted(key));
    const known = new Set(kind.entries.map(({ key }) => key ?? "none"));
    assert.deepEqual(new Set(keys.flatMap((some) => (some.length === 0 ? ["none"] : some))), known, name);
    for (const key of new Set(kind.entries.map((entry) => entry.key))) {
      const cells = rows.filter((_, i) => (key === null ? keys[i]?.length === 0 : keys[i]?.includes(key)));
      checkEntries(formsOf(kind, key), cells.map((cell) => cell[column]).join(" "), `${name} ${key ?? "without a key"}`);
    }
  }
});

test("the page has each signal, who gets it, and its fields", () => {
  const rows = tableBelow("### Signals");
  const kinds = rows.map(([kind = ""]) => quoted(kind)[0] ?? "");
  assert.deepEqual(kinds.toSorted(), Object.keys(SIGNALS).sort());
  for (const [kind, { to, fields }] of Object.entries(SIGNALS)) {
    const [, who = "", cell = ""] = rows[kinds.indexOf(kind)] ?? [];
    assert.ok(who.startsWith(to), `${kind}: who`);
    const values = Object.values(fields).flatMap(valuesOf);
    const named = quoted(cell).filter((text) => !values.includes(text));
    assert.deepEqual(named.toSorted(), Object.keys(fields).sort(), kind);
  }
});

test("the page has the limits of what is sent", () => {
  const written = tableBelow("### Limits").map(([field = "", limit = ""]) => `${field} ${limit}`);
  assert.deepEqual(
    written.toSorted(),
    KINDS.flatMap(limitsOf)
      .map(([field, limit]) => `\`${field}\` ${limit}`)
      .toSorted(),
  );
  for (const phrase of [
    `at most ${MAX_MESSAGE / 1024} kB`,
    `1 to ${MAX_MESSAGE_ID} characters`,
    `more than ${ALLOWANCE.burst} messages at once or five a second`,
    `${OFTEN_ALLOWANCE.burst} at once, ${OFTEN_ALLOWANCE.perSecond} a second`,
    `at most ${MAX_HELD_OF_KIND} of a kind`,
  ])
    assert.ok(PAGE.includes(phrase), phrase);
  assert.equal(ALLOWANCE.perSecond, 5);
});

test("the API's page has the same limits of texts", () => {
  for (const kind of KINDS) {
    const row = API.split("\n").find((line) => line.startsWith(`| \`${kind.kind}\` | `));
    const texts = limitsOf(kind).filter(([field]) => /^\w+(?: \w+)? text$/.test(field));
    for (const [, limit] of row ? texts : []) assert.ok(row?.includes(`(${limit})`), `${kind.kind}: ${limit}`);
  }
});

test("the page has the codes by which a room refuses, each with what to do", () => {
  const codes = (rows: readonly (readonly string[])[]) => rows.flatMap(([cell = ""]) => quoted(cell));
  const refused = tableBelow("## What you send");
  assert.deepEqual(codes(refused).sort(), [...LASTING_REFUSALS, ...LATER_REFUSALS, ...PASSING_REFUSALS].sort());
  const again = refused.filter(([, what = ""]) => what.startsWith("Send it again"));
  assert.deepEqual(codes(again).sort(), [...PASSING_REFUSALS].sort());
  assert.deepEqual(codes(tableBelow("## Entering")).sort(), [...ENTRY_REFUSALS].sort());
});

/** `chat text`, `question ask text`: and how much of it. */
function limitsOf({ kind, sends }: Kind): readonly (readonly [string, string])[] {
  const forms: readonly (readonly [string, Fields])[] =
    "actions" in sends
      ? Object.entries(sends.actions).map(([action, fields]) => [`${kind} ${action}`, fields])
      : "forms" in sends
        ? sends.forms.map((fields) => [kind, fields])
        : [[kind, sends.fields]];
  return forms.flatMap(([name, fields]) =>
    Object.entries(fields).flatMap(([field, of]): (readonly [string, string])[] => {
      const limit = limitOf(of);
      return limit === "" ? [] : [[`${name} ${field}`, limit]];
    }),
  );
}

function limitOf(field: Field): string {
  switch (field.is) {
    case "text":
      return `${field.max} characters`;
    case "string":
      return field.pattern ? `as \`${field.pattern}\`` : field.max === undefined ? "" : `${field.max} characters`;
    case "integer":
    case "number":
      return field.min === undefined ? "" : field.max === undefined ? `${field.min} or more` : `${field.min} to ${field.max}`;
    case "list": {
      const each = limitOf(field.of);
      return `${field.min === undefined ? "at most" : `${field.min} to`} ${field.max} of them${each === "" ? "" : `, each ${each}`}`;
    }
    case "any":
      return [...new Set(field.of.map(limitOf).filter((limit) => limit !== ""))].join("; ");
    case "object":
      return Object.entries(field.fields)
        .map(([name, of]) => [name, limitOf(of)])
        .filter(([, limit]) => limit !== "")
        .map(([name, limit]) => `${name} ${limit}`)
        .join(", ");
    case "optional":
    case "nullable":
    case "default":
      return limitOf(field.of);
    default:
      return "";
  }
}
