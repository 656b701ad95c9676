/** CSV imports and calendars through the API. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./lectern.ts";
import { onPostgresFirst } from "./school-databases.ts";

onPostgresFirst((open) => {
  test("people from CSV: all of them, or none and every mistake with its line", async (t) => {
    const { ok, call } = await open(t);
    await ok("POST", "/courses", { body: { name: "Maths" } });
    const done = async (csv: string) => {
      const { id } = await ok("POST", "/imports/people", { csv });
      return await until(async () => {
        const found = await ok("GET", `/imports/${id}`);
        return found.state === "running" ? null : found;
      }, "the import");
    };
    const bad = await done(
      'login,name,role,email,course\nanna,Anna,student,,Maths\nanna,Anna Again,,,\n"ben","Ben\nof two lines",teacher,no mail,\ncarl,,student,,Physics\nd d,D,king,,\n',
    );
    assert.deepEqual(
      [bad.state, bad.errors.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`)],
      ["failed", ["3 login", "4 name", "4 email", "6 name", "6 course", "7 login", "7 role"]],
    );
    const worse = await done(
      "login,name,role,email,course\nanna,Anna,student,,Maths\nanna,Anna Again,,,\nben,Ben,teacher,no mail,\ncarl,C,student,,Physics\nd d,D,king,,\n",
    );
    assert.deepEqual(
      worse.errors.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`),
      ["3 login", "4 email", "5 course", "6 login", "6 role"],
    );
    assert.deepEqual((await ok("GET", "/users?role=student")).items, [], "nothing is half imported");
    const good = await done(
      "\uFEFFLogin,Name,Role,Password,Course\r\nanna,Anna,student,correct horse,Maths\r\n李娜,李娜,teacher,,Maths\r\n",
    );
    assert.deepEqual([good.state, good.rowsDone, good.rowsTotal, good.errors], ["done", 2, 2, []]);
    assert.equal((await call("POST", "/sessions", { as: null, body: { login: "anna", password: "correct horse" } })).status, 201);
    const { id: course } = (await ok("GET", "/courses")).items[0];
    assert.equal((await ok("GET", `/courses/${course}/members`)).items.length, 2);
    for (const csv of ["", "login\n", "login,name\n", "login,name,shoe\na,b,c\n", 'login,name\n"a,b\n', "login,name\na,b,c,d\n"]) {
      assert.equal((await done(csv)).state, "failed", JSON.stringify(csv));
    }
  });

  test("a long import says how far it is, and others are answered meanwhile", async (t) => {
    const { ok } = await open(t);
    const rows = Array.from({ length: 80 }, (_, i) => `p${i},Person ${i},a password of ${i}`).join("\n");
    const { id } = await ok("POST", "/imports/people", { csv: `login,name,password\n${rows}\n` });
    const seen = new Set<number>();
    const end = await until(async () => {
      const found = await ok("GET", `/imports/${id}`);
      seen.add(found.rowsDone);
      return found.state === "running" ? null : found;
    }, "the import");
    assert.deepEqual([end.state, end.rowsDone, end.rowsTotal], ["done", 80, 80]);
    assert.ok(seen.size > 2, `progress was seen at ${[...seen]}`);
    assert.equal((await ok("GET", "/users?limit=1000&role=student")).items.length, 80);
  });

  test("a timetable from CSV is in the school's own time; an hour that does not exist is said so", async (t) => {
    const { ok } = await open(t);
    const school = await ok("POST", "/schools", { body: { slug: "berlin", name: "Berlin", timeZone: "Europe/Berlin" } });
    const done = async (rows: string) => {
      const { id } = await ok("POST", `/imports/timetable?schoolId=${school.id}`, {
        csv: `date,start,end,title,mode,guests,capacity\n${rows}`,
      });
      return await until(async () => {
        const found = await ok("GET", `/imports/${id}`);
        return found.state === "running" ? null : found;
      }, "the import");
    };
    const bad = await done(
      "2026-03-29,02:30,03:30,Gone,,,\n2026-02-30,09:00,10:00,No day,,,\n2026-03-30,10:00,09:00,Back,,,\n2026-03-30,9.00,10:00,Dot,loud,maybe,0\n",
    );
    assert.deepEqual(
      bad.errors.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`),
      ["2 start", "3 date", "4 end", "5 start", "5 mode", "5 guests", "5 capacity"],
    );
    assert.equal(
      (await done("2026-03-30,09:00,10:00,Summer,,no,\n2026-03-27,09:00,10:00,Winter,one-to-one,yes,3\n")).state,
      "done",
    );
    const again = await done("2026-03-30,09:00,10:00,Summer,,no,\n2026-03-30,22:00,00:30,Night,,,\n");
    assert.deepEqual([again.state, again.rowsDone, again.rowsAdded], ["done", 2, 1]);
    const { items } = await ok("GET", `/lessons?schoolId=${school.id}`);
    assert.deepEqual(
      items.map((one: Record<string, unknown>) => [one["title"], one["startsAt"], one["endsAt"], one["guests"], one["capacity"]]),
      [
        ["Summer", "2026-03-30T07:00:00.000Z", "2026-03-30T08:00:00.000Z", false, null],
        ["Winter", "2026-03-27T08:00:00.000Z", "2026-03-27T09:00:00.000Z", true, 3],
        ["Night", "2026-03-30T20:00:00.000Z", "2026-03-30T22:30:00.000Z", true, null],
      ],
    );
  });

  test("a calendar has its person's lessons, and only for those who know its address", async (t) => {
    const { ok, call, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const teacher = await person(schoolId, "teacher", "t1");
    const startsAt = new Date(Date.now() + 86_400_000).toISOString();
    await ok("POST", "/lessons", { as: teacher.token, body: { title: "Mine; with, signs", startsAt } });
    await ok("POST", "/lessons", { body: { title: "Not mine", startsAt } });
    const { url } = await ok("POST", "/me/calendar", { as: teacher.token });
    const { status, body, headers } = await call("GET", new URL(url).pathname.replace("/api/v1", ""), { as: null });
    assert.equal(status, 200);
    assert.match(String(headers["content-type"]), /^text\/calendar/);
    assert.match(body, /^BEGIN:VCALENDAR\r\n/);
    assert.match(body, /SUMMARY:Mine\\; with\\, signs\r\n/);
    assert.doesNotMatch(body, /Not mine/);
    assert.match(body, new RegExp(`DTSTART:${startsAt.replace(/[-:]|\.\d+/g, "")}`));
    assert.equal((await call("GET", "/calendars/guess", { as: null })).status, 404);
  });
});
