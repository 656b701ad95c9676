/** Files of questions through the API: packages of QTI come in and go out, and what is wrong or left out names its file. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, zipSync } from "fflate";
import { examSchool } from "./exam-school.ts";
import { onEachDatabase } from "./school-databases.ts";

const TEXT = { "content-type": "text/plain" };
const item = (text: string, right: string) => `<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x" title="Signs" adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">${right}</responseDeclaration>
  <itemBody>${text}<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>Which?</prompt>
    <simpleChoice identifier="A">Stop</simpleChoice><simpleChoice identifier="B">Go</simpleChoice></choiceInteraction></itemBody>
</assessmentItem>`;
const RIGHT = "<correctResponse><value>A</value></correctResponse>";

onEachDatabase((open) => {
  test("a paper that is exported as a package of QTI is imported as it was", async (t) => {
    const school = await open(t);
    const { as, paper } = await examSchool(school);
    const { id, content } = await paper();
    const file = await school.ok("GET", `/papers/${id}/export?format=qti`, { as });
    assert.deepEqual([file.filename, file.contentType], ["paper.zip", "application/zip"]);
    const { id: other } = await school.ok("POST", "/papers", { as, body: { title: "Other" } });
    const csv = Buffer.from(file.content, "base64");
    const { added, paper: read } = await school.ok("POST", `/papers/${other}/import?format=qti`, { as, csv, headers: TEXT });
    const brief = (of: typeof content) =>
      of.sections[0].questions.map(({ question: { kind, text, points } }: never) => [kind, text, points]);
    assert.deepEqual([added, brief(read.content)], [3, brief(content)]);
  });

  test("a paper goes to Word and comes back, the template is imported, and an import is undone", async (t) => {
    const school = await open(t);
    const { as, paper } = await examSchool(school);
    const { id, content } = await paper();
    const { id: other } = await school.ok("POST", "/papers", { as, body: { title: "Other" } });
    const send = (file: { content: string }) =>
      school.call("POST", `/papers/${other}/import?format=word`, { as, csv: Buffer.from(file.content, "base64"), headers: TEXT });
    const written = await school.ok("GET", `/papers/${id}/export?format=word&language=zh-CN`, { as });
    assert.deepEqual([written.filename, written.leftOut], ["paper.docx", []]);
    const { added, section, paper: read } = (await send(written)).body;
    assert.equal(added, 3);
    const brief = (of: typeof content) =>
      of.sections.at(-1).questions.map(({ question: { kind, text, points } }: never) => [kind, text, points]);
    assert.deepEqual(brief(read.content), brief(content));
    const sections = read.content.sections.filter((one: { id: string }) => one.id !== section);
    const undone = await school.ok("PATCH", `/papers/${other}`, { as, body: { content: { ...read.content, sections } } });
    assert.equal(undone.questions, 0);
    for (const language of ["en", "zh-CN"]) {
      const template = await school.ok("GET", `/question-template?language=${language}`, { as });
      const { body } = await send(template);
      const { passages, questions } = body.paper.content.sections.at(-1);
      const own = questions.find(({ question }: { question: { passage?: string } }) => question.passage !== undefined);
      assert.deepEqual([body.added, body.leftOut, own.question.passage], [10, [], passages[0].id]);
    }
    const wrong = await send({ content: Buffer.from("[Essay] a").toString("base64") });
    assert.deepEqual([wrong.status, wrong.body.errors.length], [400, 1]);
  });

  test("a mistake and what is left out in a package name the file, the line and the item", async (t) => {
    const school = await open(t);
    const { as, paper } = await examSchool(school);
    const { id } = await paper();
    const send = (text: string) =>
      school.call("POST", `/papers/${id}/import?format=qti`, {
        as,
        csv: Buffer.from(zipSync({ "items/signs.xml": strToU8(text) })),
        headers: TEXT,
      });
    const wrong = await send(item("", ""));
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [400, "items/signs.xml 2 (Signs)"]);
    const { status, body } = await send(item('<p><img src="sign.png" alt="A sign"/></p>', RIGHT));
    assert.deepEqual([status, body.leftOut], [200, [{ file: "items/signs.xml", line: 2, item: "Signs", code: "file" }]]);
  });
});
