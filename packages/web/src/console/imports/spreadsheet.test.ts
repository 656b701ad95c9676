/** Workbooks, as a spreadsheet program wrote them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { unzipSync, zipSync } from "fflate";
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

test("a workbook that says it unpacks to too much is not unpacked", async () => {
  const parts = unzipSync(workbook("people.xlsx"));
  await assert.rejects(workbookAsCsv(zipSync({ ...parts, "xl/bomb.xml": new Uint8Array(65 * 1024 * 1024) })), RangeError);
});
