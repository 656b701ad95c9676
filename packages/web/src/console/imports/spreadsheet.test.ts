/** Workbooks, as a spreadsheet program wrote them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { isWorkbook, workbookAsCsv } from "./spreadsheet.ts";

function workbook(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(import.meta.dirname, "files", name)));
}

test("the first sheet of a workbook is read row by row, with long numbers whole and empty rows in their places", async () => {
  assert.deepEqual((await workbookAsCsv(workbook("people.xlsx"))).split("\n"), [
    "登录名,姓名,角色,邮箱,班级,备注",
    "20260001234567890123,李娜,学生,li.na@school.example,七年级一班,走读",
    "wang.fang,王芳,教师,wang@school.example,七年级一班,",
    "7001,张伟,学生,,七年级二班,",
    ",,,,,",
    'zhao,"赵敏, 大",学生,,,',
  ]);
});

test("days and times of cells are those of the wall clock", async () => {
  assert.deepEqual((await workbookAsCsv(workbook("timetable.xlsx"))).split("\n"), [
    "日期,开始时间,结束时间,课题",
    "2027-01-04,09:00,09:45,分数",
    '2027-01-05,14:30,15:15,"小数 ""一"""',
  ]);
});

test("a workbook is known by its first bytes, and what is none is refused", async () => {
  assert.ok(isWorkbook(workbook("people.xlsx")));
  assert.ok(!isWorkbook(new TextEncoder().encode("login,name\n")));
  await assert.rejects(workbookAsCsv(new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0, 0])));
  await assert.rejects(workbookAsCsv(zipSync({ "hello.xml": new Uint8Array(10) })));
});

/** A workbook whose first sheet has these rows, as XML. */
function withRows(rows: string): Uint8Array<ArrayBuffer> {
  const parts = unzipSync(workbook("people.xlsx"));
  const name = "xl/worksheets/sheet1.xml";
  const sheet = strFromU8(parts[name] ?? new Uint8Array());
  assert.match(sheet, /<sheetData>/);
  return zipSync({ ...parts, [name]: strToU8(sheet.replace(/<sheetData>.*<\/sheetData>/s, `<sheetData>${rows}</sheetData>`)) });
}

test("a workbook that unpacks to too much is not unpacked, whatever it says of its size", { timeout: 20_000 }, async () => {
  const parts = unzipSync(workbook("people.xlsx"));
  const bomb = zipSync({ ...parts, "xl/worksheets/bomb.xml": new Uint8Array(65 * 1024 * 1024) }, { level: 1 });
  await assert.rejects(workbookAsCsv(bomb), RangeError);
  // The same, which says that each part is empty.
  const view = new DataView(bomb.buffer);
  let lies = 0;
  for (let at = view.getUint32(bomb.length - 6, true); view.getUint32(at, true) === 0x02014b50; lies++) {
    view.setUint32(at + 24, 0, true);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  assert.ok(lies > 3);
  await assert.rejects(workbookAsCsv(bomb), RangeError);
});

test("a cell far away is not reached by filling everything before it", { timeout: 20_000 }, async () => {
  const cell = (address: string) => `<c r="${address}" t="inlineStr"><is><t>x</t></is></c>`;
  assert.equal(await workbookAsCsv(withRows(`<row r="2">${cell("B2")}</row>`)), ",\n,x");
  // Programs style rows up to the last one.
  assert.equal(await workbookAsCsv(withRows(`<row r="1">${cell("A1")}</row><row r="1048576"/>`)), "x");
  for (const rows of [
    `<row r="1">${cell("XFD1")}</row><row r="1048576">${cell("A1048576")}</row>`,
    `<row r="1">${cell("ZZZZZZZ1")}</row>`,
    '<row r="1e9"/>',
    '<row a=">" r="1e9"/>',
    "<row r='1000000000'/>",
    '<row r="&#49;000000000"/>',
  ])
    await assert.rejects(workbookAsCsv(withRows(rows)), RangeError, rows);
});
