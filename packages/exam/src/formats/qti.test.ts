/** QTI: items of 2.1 and 3.0 are read, alone and in packages, mistakes have their files and lines, bombs are refused, and what is written is read as it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { strToU8, unzipSync, zipSync } from "fflate";
import { survivesAnyBytes } from "../../../media/test/hostile-bytes.ts";
import { EVERY_KIND, paperWith } from "../test-paper.ts";
import { readQti, writeQti } from "./qti-package.ts";
import * as made from "./test-questions.ts";
import { onlyQuestion, optionTexts } from "./test-questions.ts";

const NS = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"';

function item(declarations: string, body: string, rest = ""): Uint8Array {
  return strToU8(
    `<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem ${NS} identifier="x" title="Title" adaptive="false" timeDependent="false">${declarations}<itemBody>${body}</itemBody>${rest}</assessmentItem>`,
  );
}

const CHOICE = item(
  '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>ChoiceA</value></correctResponse></responseDeclaration>',
  `<p>Look at the
    text.</p><p><img src="sign.png" alt="sign"/></p><choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>What does it say?</prompt>
    <simpleChoice identifier="ChoiceA">Stay <b>with</b> it.</simpleChoice><simpleChoice identifier="ChoiceB" fixed="true">None of these.</simpleChoice></choiceInteraction>`,
  '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>',
);

test("a choice is read with its prompt, its fixed options, and what is left out", () => {
  const file = readQti(CHOICE);
  const { question, solution } = onlyQuestion(file);
  assert.equal(question.text, "Look at the text.\nWhat does it say?");
  assert.deepEqual(optionTexts(question), ["Stay with it.", "None of these."]);
  assert.equal(question.kind === "single" && question.options[1]?.isAnchored, true);
  assert.deepEqual(solution, { kind: "single", right: "ChoiceA" });
  assert.deepEqual(file.leftOut, [{ line: 2, item: "Title", code: "file" }]);
});

test("version 3.0 is read by its own names", () => {
  const text = `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="m" title="Three" time-dependent="false">
    <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier"><qti-correct-response><qti-value>H</qti-value><qti-value>O</qti-value></qti-correct-response>
    <qti-mapping lower-bound="0" default-value="-2"><qti-map-entry map-key="H" mapped-value="1"/><qti-map-entry map-key="O" mapped-value="1"/></qti-mapping></qti-response-declaration>
    <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="2"/>
    <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="0"><qti-prompt>Water?</qti-prompt>
    <qti-simple-choice identifier="H">H</qti-simple-choice><qti-simple-choice identifier="He">He</qti-simple-choice><qti-simple-choice identifier="O">O</qti-simple-choice></qti-choice-interaction></qti-item-body>
    <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"/></qti-assessment-item>`;
  const { question, solution } = onlyQuestion(readQti(strToU8(text)));
  assert.deepEqual(solution, { kind: "multiple", right: ["H", "O"], scoring: "part" });
  assert.deepEqual([question.text, question.points], ["Water?", 2]);
});

test("text entries are gaps, with texts, numbers and tolerances", () => {
  const { question, solution } = onlyQuestion(
    readQti(
      item(
        `<responseDeclaration identifier="A" cardinality="single" baseType="string"><correctResponse><value>York</value></correctResponse>
          <mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1" caseSensitive="false"/><mapEntry mapKey="yorkshire" mappedValue="0.5" caseSensitive="false"/></mapping></responseDeclaration>
         <responseDeclaration identifier="B" cardinality="single" baseType="float"><correctResponse><value>1.5</value></correctResponse></responseDeclaration>`,
        '<p>Son of <textEntryInteraction responseIdentifier="A"/>, <textEntryInteraction responseIdentifier="B"/> m.</p>',
        '<responseProcessing><responseCondition><responseIf><equal toleranceMode="relative" tolerance="10 10"><variable identifier="B"/><correct identifier="B"/></equal></responseIf></responseCondition></responseProcessing>',
      ),
    ),
  );
  assert.equal(question.text, "Son of {{1}}, {{2}} m.");
  assert.ok(solution.kind === "gaps");
  assert.deepEqual(solution.accepted[1], { texts: ["York", "yorkshire"] });
  assert.deepEqual(solution.accepted[2], { value: 1.5, tolerance: 0.15 });
});

test("an interaction that papers do not have is named, with its file", () => {
  const hotspot = item("", '<hotspotInteraction responseIdentifier="RESPONSE"/>');
  const manifest = strToU8(
    '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="a.xml"/><resource type="imsqti_item_xmlv2p1" href="b.xml"/><resource type="imsqti_item_xmlv2p1" href="c.xml"/><resource type="webcontent" href="a.png"/></resources></manifest>',
  );
  const file = readQti(zipSync({ "imsmanifest.xml": manifest, "a.xml": CHOICE, "b.xml": hotspot }));
  assert.equal(file.questions.length, 1);
  assert.deepEqual(file.mistakes, [
    { line: 2, file: "b.xml", item: "Title", code: "unknown-kind" },
    { line: null, file: "c.xml", item: null, code: "missing-file" },
  ]);
});

test("a package without a manifest has the items that are in it", () => {
  assert.equal(readQti(zipSync({ "a.xml": CHOICE, "b.txt": strToU8("no") })).questions.length, 1);
});

test("packages that unpack to much, and document types, are refused", () => {
  const bomb = zipSync({ "a.xml": new Uint8Array(40 * 1024 * 1024) });
  assert.ok(bomb.length < 100_000);
  assert.equal(readQti(bomb).mistakes[0]?.code, "file-too-large");
  const entities = strToU8('<!DOCTYPE a [<!ENTITY b "c">]><assessmentItem>&b;</assessmentItem>');
  assert.equal(readQti(entities).mistakes[0]?.code, "document-type");
  assert.equal(readQti(zipSync({ "a.xml": entities })).mistakes[0]?.code, "document-type");
});

const ordering = made.made(
  fc.record({ text: made.anyText, texts: fc.uniqueArray(made.oneLine, { minLength: 2, maxLength: 5 }) }).map(({ text, texts }) => {
    const items = made.optionsOf(texts);
    return {
      draft: { kind: "ordering", text, items },
      solution: { kind: "ordering", order: items.map(({ id }) => id).reverse(), scoring: "all" },
    };
  }),
);

test("what is written is read as it was", () => {
  const read = (content: string | Uint8Array) => {
    assert.ok(typeof content !== "string");
    return readQti(content);
  };
  made.assertReadAsWritten({ kinds: [...made.ALL_SAY, ordering], write: writeQti, read }, 300);
});

test("what QTI cannot say is named, and each item is a file that the manifest lists", () => {
  const { content, leftOut } = writeQti(paperWith(EVERY_KIND));
  assert.deepEqual(leftOut, [
    { id: "q2", code: "knowledge" },
    { id: "q4", code: "unit" },
    { id: "q6", code: "scoring" },
    { id: "q9", code: "question" },
  ]);
  assert.ok(typeof content !== "string");
  assert.equal(Object.keys(unzipSync(content)).length, 9);
  const read = readQti(content);
  assert.deepEqual(
    read.questions.map(({ question }) => question.points),
    Array(8).fill(2),
  );
  assert.deepEqual(read.questions[7]?.solution, { kind: "essay", rubric: "Secret rubric" });
});

test("any bytes are read or refused", () => {
  survivesAnyBytes(CHOICE, readQti);
  survivesAnyBytes(zipSync({ "a.xml": CHOICE }), readQti);
});
