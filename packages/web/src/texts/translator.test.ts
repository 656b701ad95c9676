import assert from "node:assert/strict";
import { test } from "node:test";
import { type Catalogue, translator } from "./translator.ts";

const PAGE: Catalogue = {
  en: {
    leave: "Leave",
    people_one: "{{count}} person",
    people_other: "{{count}} people",
    state: { live: "Live" },
    only: "English",
  },
  "zh-CN": { leave: "离开", people_one: "{{count}} 人", people_other: "{{count}} 人", state: { live: "直播中" } },
};
const LATER: Catalogue = {
  en: { leave: "Go", state: { over: "“{{title}}” is over" } },
  "zh-CN": { leave: "走", state: { over: "《{{title}}》已结束" } },
};

const [english, chinese] = (["en", "zh-CN"] as const).map((language) => translator(language, [PAGE, LATER]));

test("a text is found by its key in the language, then in English", () => {
  assert.deepEqual([english?.t("leave"), chinese?.t("leave")], ["Leave", "离开"], "the first catalogue counts");
  assert.deepEqual([english?.t("state.live"), chinese?.t("state.live")], ["Live", "直播中"]);
  assert.equal(chinese?.t("only"), "English");
});

test("texts that come later complete those that are there, also below the same name", () => {
  const catalogues = [PAGE];
  const { t } = translator("en", catalogues);
  assert.equal(t("state.over"), "state.over");
  catalogues.push(LATER);
  assert.equal(t("state.over", { title: "Algebra" }), "“Algebra” is over");
});

test("a number chooses its plural form", () => {
  assert.deepEqual(
    [0, 1, 2, 21].map((count) => english?.t("people", { count })),
    ["0 people", "1 person", "2 people", "21 people"],
  );
  assert.deepEqual(
    [1, 2].map((count) => chinese?.t("people", { count })),
    ["1 人", "2 人"],
  );
  assert.equal(english?.t("leave", { count: 1 }), "Leave", "a text without forms is the same for every number");
});

test("the first key that has a text counts; without any, the default, and then the last key", () => {
  assert.equal(english?.t(["state.gone", "leave"]), "Leave");
  assert.equal(english?.t("gone", { defaultValue: "by {{name}}", name: "Anna" }), "by Anna");
  assert.equal(english?.t(["none", "gone"]), "gone");
  assert.deepEqual([english?.exists("leave"), english?.exists("state"), english?.exists("toString")], [true, false, false]);
});

test("values are put in as they are, and those that are not there leave nothing", () => {
  assert.equal(english?.t("state.over", { title: "<b>$&</b> {{count}}" }), "“<b>$&</b> {{count}}” is over");
  assert.equal(english?.t("state.over"), "“” is over");
});
