/** The notes of slides, in the order in which slides are shown. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { odpNotes, pptxNotes } from "./slide-notes.ts";
import { zipOf } from "./test-zip.ts";
import { ZipFile } from "./zip.ts";

async function opened(t: TestContext, parts: Readonly<Record<string, string>>): Promise<ZipFile> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-notes-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "file.zip");
  writeFileSync(path, zipOf(Object.entries(parts).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))));
  const zip = await ZipFile.open(path);
  t.after(() => zip.close());
  return zip;
}

const relations = (...targets: readonly string[]) =>
  `<Relationships>${targets
    .map((target, i) => {
      const type = target.includes("notes") ? "notesSlide" : "slide";
      return `<Relationship Id="r${i}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
    })
    .join("")}</Relationships>`;
const shape = (text: string, placeholder: string | null) =>
  `<p:sp><p:nvSpPr><p:nvPr>${placeholder === null ? "" : `<p:ph type="${placeholder}" idx="1"/>`}</p:nvPr></p:nvSpPr><p:txBody>${text
    .split("\n")
    .map((line) => `<a:p><a:r><a:t>${line}</a:t></a:r></a:p>`)
    .join("")}</p:txBody></p:sp>`;

test("notes of PowerPoint follow the order of the slides, without hidden ones and without numbers and dates", async (t) => {
  const zip = await opened(t, {
    "ppt/presentation.xml":
      '<p:presentation><p:sldIdLst><p:sldId id="1" r:id="r1"/><p:sldId id="2" r:id="r0"/><p:sldId id="3" r:id="r2"/><p:sldId id="4" r:id="r3"/></p:sldIdLst></p:presentation>',
    "ppt/_rels/presentation.xml.rels": relations(
      "slides/slide1.xml",
      "slides/slide2.xml",
      "slides/slide3.xml",
      "/ppt/slides/slide4.xml",
    ),
    "ppt/slides/slide1.xml": "<p:sld/>",
    "ppt/slides/slide2.xml": '<p:sld show="1"></p:sld>',
    "ppt/slides/slide3.xml": '<p:sld show="0"></p:sld>',
    "ppt/slides/slide4.xml": "<p:sld></p:sld>",
    "ppt/slides/_rels/slide1.xml.rels": relations("../notesSlides/notes1.xml"),
    "ppt/slides/_rels/slide2.xml.rels": relations("../notesSlides/notes2.xml"),
    "ppt/slides/_rels/slide3.xml.rels": relations("../notesSlides/notes1.xml"),
    "ppt/notesSlides/notes1.xml": `<p:notes>${shape("7", "sldNum")}${shape("先问 &lt;b&gt; &#x4f60;\n再等", "body")}${shape("25.11.", "dt")}</p:notes>`,
    "ppt/notesSlides/notes2.xml": `<p:notes>${shape("Of another program", null)}${shape("7", "sldNum")}</p:notes>`,
  });
  assert.deepEqual(await pptxNotes(zip), ["Of another program", "先问 <b> 你\n再等", ""]);
});

test("notes of OpenDocument are those of their pages", async (t) => {
  const zip = await opened(t, {
    "content.xml": `<office:presentation><draw:page><text:p>Slide</text:p><presentation:notes><text:p>First <text:span>note</text:span></text:p><text:p>more</text:p></presentation:notes></draw:page>
      <draw:page/><draw:page><presentation:notes><text:p>第三</text:p></presentation:notes></draw:page></office:presentation>`,
  });
  assert.deepEqual(await odpNotes(zip), ["First note\nmore", "", "第三"]);
});

test("parts that are missing or broken give no notes", async (t) => {
  assert.deepEqual(await pptxNotes(await opened(t, { "ppt/presentation.xml": '<p:sldId r:id="r1"/><p:sldId' })), []);
  assert.deepEqual(await odpNotes(await opened(t, { "content.xml": "<draw:page><presentation:notes>" })), [""]);
});
