import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeCsv, delimiterOf } from "./csv-text.ts";

const TEXT = "login;name\nzoe;Zoë Müller\nwang;王芳\n";

test("UTF-8 is read, with and without a byte order mark", () => {
  assert.equal(decodeCsv(Buffer.from(TEXT)), TEXT);
  assert.equal(decodeCsv(Buffer.from(`\uFEFF${TEXT}`)), TEXT);
});

test("UTF-16 of either byte order is read by its mark, as Excel's Unicode text", () => {
  const little = Buffer.from(`\uFEFF${TEXT}`, "utf16le");
  assert.equal(decodeCsv(little), TEXT);
  assert.equal(decodeCsv(Buffer.from(little).swap16()), TEXT);
});

test("what is not UTF-8 is GBK or Windows-1252, as its bytes tell", () => {
  // 王芳,三年级 in GBK, and Zoë;Müller in Windows-1252.
  assert.equal(decodeCsv(Buffer.from("cdf5b7bc2cc8fdc4eabcb6", "hex")), "王芳,三年级");
  assert.equal(decodeCsv(Buffer.from("5a6feb3b4dfc6c6c6572", "hex")), "Zoë;Müller");
});

test("the delimiter is what separates the names of the columns, or what the file names", () => {
  assert.deepEqual(delimiterOf("login,name\n"), { delimiter: ",", skippedLines: 0 });
  assert.deepEqual(delimiterOf("\uFEFFlogin;name;role\r\na;b,c;d\r\n"), { delimiter: ";", skippedLines: 0 });
  assert.deepEqual(delimiterOf("login\tname\n"), { delimiter: "\t", skippedLines: 0 });
  assert.deepEqual(delimiterOf('"a;b;c",name\n'), { delimiter: ",", skippedLines: 0 });
  assert.deepEqual(delimiterOf("sep=;\r\nlogin;name\r\n"), { delimiter: ";", skippedLines: 1 });
  assert.deepEqual(delimiterOf("login\n"), { delimiter: ",", skippedLines: 0 });
});
