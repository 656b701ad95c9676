/** What `lectern doctor` says about slides. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeMaterials, type MaterialTools } from "./doctor-materials.ts";

const ALL: MaterialTools = { poppler: true, soffice: true, webp: true, chinese: true, sandbox: "user" };
const advice = (tools: Partial<MaterialTools>, wanted: "required" | "off" = "required") =>
  describeMaterials({ ...ALL, ...tools }, wanted).filter(({ state }) => state !== "good");

test("a machine with everything has no advice; what is missing is named with its packages", () => {
  assert.deepEqual(advice({}), []);
  assert.match(advice({ soffice: false })[0]?.fix ?? "", /libreoffice-impress libreoffice-writer/);
  assert.match(advice({ poppler: false })[0]?.what ?? "", /lacks poppler/);
  assert.match(advice({ webp: false })[0]?.what ?? "", /libwebp/);
  assert.match(advice({ chinese: false })[0]?.fix ?? "", /fonts-/);
});

test("a machine that cannot close programs off converts nothing, unless the operator wants no sandbox, which is advised against", () => {
  assert.match(advice({ sandbox: null })[0]?.what ?? "", /not converted/);
  assert.match(advice({ sandbox: null })[0]?.what ?? "", /Landlock/);
  assert.match(advice({ sandbox: null }, "off")[0]?.what ?? "", /without a sandbox/);
});

test("a container, which has no namespaces, converts by filters, and is told what these do not do", () => {
  assert.deepEqual(advice({ sandbox: "confined" }), []);
  const said = describeMaterials({ ...ALL, sandbox: "confined" }, "required").map(({ what }) => what);
  assert.ok(
    said.some((what) => /filters/.test(what) && /run as the server's user/.test(what)),
    said.join("\n"),
  );
});
