/** XML of other services: what attacks on parsers need is refused, and texts are read whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { attributeOf, elementsIn, maybeChild, onlyChild, parseXml, textOf } from "./strict-xml.ts";

const STRICT = { comments: false };

test("a document with a document type, an entity, a processing instruction or a comment is refused", async () => {
  for (const [xml, reason] of [
    ["<!DOCTYPE a><a/>", /document type/],
    ['<?xml version="1.0"?>\n<!doctype a [<!ENTITY x "y">]><a>&x;</a>', /document type/],
    ["<a><!ENTITY x></a>", /document type/],
    ["<a><?php echo 1 ?></a>", /processing instruction/],
    ["<a><!-- x --></a>", /comment/],
    ["<a>&unknown;</a>", /entity not found/],
    ["<a><b></a>", /not well-formed/],
    ["<a/><b/>", /not well-formed/],
    ["<a x='1' x='2'/>", /not well-formed/],
    ["<p:a/>", /./],
    ["", /./],
    ["text", /./],
  ] as const)
    await assert.rejects(parseXml(xml, STRICT), reason, xml);
  assert.equal(textOf(await parseXml('\uFEFF<?xml version="1.0" encoding="UTF-8"?><a>1 &amp; &#x738b;</a>', STRICT)), "1 & 王");
});

test("a text is read whole: neither a comment nor CDATA cuts it short, and elements in it are refused", async () => {
  const read = async (xml: string) => textOf(await parseXml(xml, { comments: true }));
  assert.equal(await read("<a>admin<!-- -->.evil</a>"), "admin.evil");
  assert.equal(await read("<a><![CDATA[admin]]>.evil</a>"), "admin.evil");
  assert.equal(await read("<a> admin\n</a>"), "admin");
  await assert.rejects(read("<a>admin<b/>.evil</a>"), /elements where a text belongs/);
});

test("elements are found by namespace and name, and only directly below", async () => {
  const root = await parseXml('<r xmlns="urn:a" xmlns:b="urn:b" id="1"><x>1</x><b:x>2</b:x><y><x>3</x></y></r>', STRICT);
  assert.equal(textOf(onlyChild(root, "urn:a", "x")), "1");
  assert.equal(textOf(onlyChild(root, "urn:b", "x")), "2");
  assert.equal(maybeChild(root, "urn:b", "y"), null);
  assert.deepEqual([attributeOf(root, "id"), attributeOf(root, "none"), elementsIn(root).length], ["1", "", 3]);
  assert.throws(() => onlyChild(root, "urn:b", "y"), /no y/);
  const two = await parseXml('<r xmlns="urn:a"><x/><x/></r>', STRICT);
  assert.throws(() => maybeChild(two, "urn:a", "x"), /several x/);
});

test("any text is refused or parsed", async () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "</",
    "a",
    "<a>",
    "</a>",
    "&",
    "&amp;",
    "'",
    '"',
    "=",
    "<![CDATA[",
    "]]>",
    "xmlns",
    " ",
    "\0",
    "王",
    "\ud800",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      await parseXml(pieces.join(""), { comments: true }).then(
        (root) => assert.ok(root.nodeName.length > 0),
        (error) => assert.ok(error instanceof Error),
      );
    }),
    { numRuns: 300 },
  );
});
