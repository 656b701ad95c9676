/** Provides every page that there is, as its people see it: its address, who opens it, and what shows that it is there. */
import type { Page } from "playwright-core";
import { until } from "../lectern.ts";
import { done } from "../lesson-client.ts";
import { act } from "./classroom.ts";
import type { Device } from "./forms.ts";
import { nth } from "./people.ts";
import type { World } from "./world.ts";

const SEEN = /^(Join with microphone and camera|打开麦克风和摄像头加入)$/;
/** The teacher's own film comes from elsewhere. */
const LOOKING_ON = /^(Just watch and listen|只看和听)$/;

export type ShownPage = {
  readonly name: string;
  readonly path: string;
  /** What is there when the page is. */
  readonly ready: string;
  /** The session of the person who is signed in. */
  readonly token?: string;
  /** Of a guest, in the tab's storage. */
  readonly entry?: { readonly key: string; readonly value: string };
  /** A picture must move first. */
  readonly plays?: boolean;
  /** What a person does on it before it is looked at. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Not on all devices. */
  readonly devices?: readonly Device[];
  /** Another server's. */
  readonly server?: string;
  /** What the browser may complain of: an answer that the page is about. Default: nothing. */
  readonly complaint?: RegExp;
  /** Its contact sheet is kept in docs/images/pages. */
  readonly isKept?: boolean;
};

const SETTLE_MS = 500;
const NOT_FOUND = /status of 404/;
/** Rows of a school's office, with a role that there is not, no name, no mail address and a column of its own. */
const FAULTY_LIST =
  "登录名,姓名,身份,邮箱,班级,学号\r\nlina,李娜,学生,,七年级数学,1\r\nzhou,,学生,,七年级数学,2\r\nqian,钱多,校长,不是邮箱,七年级数学,3\r\n";
const READ: readonly Device[] = ["phone", "sideways", "upright", "tablet", "desktop", "wide"];
const ALL: readonly Device[] = [...READ, "television"];

export async function pagesOf(world: World): Promise<readonly ShownPage[]> {
  return [...(await classPages(world)), ...otherPages(world), ...studioPages(world), ...consolePages(world), ...ownPages(world)];
}

async function classPages({ server, lessons, people, guest, watchSecret }: World): Promise<readonly ShownPage[]> {
  const { board, camera, poems, waiting, ended, recorded, small } = lessons;
  const inside = async (code: string) => ({ key: `lectern.guest.${code}`, value: await guest(code, "Tom Miller") });
  const devices = ALL;
  const seen = { devices, ready: "lectern-player", plays: true } as const;
  const live = { ...seen, isKept: true } as const;
  const openTab = (name: RegExp) => async (page: Page) => {
    // A quiz that is open lies over the tabs of a phone.
    const sheet = page.locator(".sheet .icon-button");
    if (await sheet.first().isVisible()) await sheet.first().click();
    const tab = page.getByRole("tab", { name });
    if (await tab.first().isVisible()) await tab.first().click();
    await page.waitForTimeout(SETTLE_MS);
  };
  const called = nth(people.students, 12);
  const callOn = async (page: Page) => {
    await page.getByRole("button", { name: /^(Raise hand|举手)$/ }).waitFor();
    const known = await until(async () => {
      const { items } = await done(server, "GET", `/lessons/${poems.id}/room/people`);
      return items.find(({ name }: { name: string }) => name === called.name) ?? null;
    }, `${called.name} to be known`);
    await act(server, poems, people.chen, "stage", { action: "invite", person: known.id });
    await page.getByRole("alertdialog").waitFor();
  };
  const replay = async (page: Page) => {
    await page.evaluate(() => {
      const player = document.querySelector("lectern-replay") as unknown as { currentTime: number; pause: () => void };
      player.pause();
      player.currentTime = 9;
    });
    await page.waitForTimeout(1500);
  };
  const smallLesson = { path: `/j/${small.code}`, ready: ".stage-people button", devices };
  return [
    { name: "class-entry", path: `/j/${board.code}`, ready: "form", devices, isKept: true },
    { name: "class-board", path: `/j/${board.code}`, entry: await inside(board.code), ...live, prepare: openTab(/Chat|聊天/) },
    { name: "class-questions", path: `/j/${board.code}`, token: people.li.token, ...live, prepare: openTab(/Questions|提问/) },
    { name: "class-quiz", path: `/j/${board.code}`, token: people.li.token, ...live },
    { name: "class-live", path: `/j/${camera.code}`, entry: await inside(camera.code), ...live },
    // On a television, one is called on by phone.
    { name: "class-called-on", path: `/j/${poems.code}`, token: called.token, ...seen, prepare: callOn, devices: READ },
    { name: "class-waiting", path: `/j/${waiting.code}`, token: people.li.token, ready: ".lesson-header", devices, isKept: true },
    { name: "class-ended", path: `/j/${ended.code}`, token: people.li.token, ready: ".lesson-header", devices, isKept: true },
    {
      name: "class-replay",
      path: `/j/${recorded.code}`,
      token: people.li.token,
      ready: "lectern-replay",
      devices,
      prepare: replay,
      isKept: true,
    },
    { name: "class-unknown", path: "/j/AAAABBBB", ready: '[role="alert"]', devices, complaint: NOT_FOUND },
    { ...smallLesson, name: "small-lesson-door", token: nth(people.students, 8).token },
    { ...smallLesson, name: "small-lesson", token: nth(people.students, 8).token, prepare: enterSmall(SEEN), isKept: true },
    { name: "watch", path: `/watch#${watchSecret}`, ...live },
    { name: "watch-none", path: "/watch", ready: '[role="alert"]', devices },
    { name: "embed", path: "/embed/open-day?muted", ...live },
    { name: "player", path: "/?stream=open-day&muted", ...live },
    { name: "start", path: "/", ready: "form, .tv", devices, isKept: true },
  ].map((page) => ({ server: server.http, ...page }));
}

function otherPages({ people, resetToken, welcomePath, fresh }: World): readonly ShownPage[] {
  const stay = (page: Page) => page.waitForTimeout(200);
  return [
    { name: "sign-in", path: "/console", ready: "form", isKept: true },
    { name: "reset", path: `/reset/${resetToken}`, ready: "form", isKept: true },
    { name: "welcome", path: welcomePath, ready: "form" },
    { name: "forgotten", path: "/console?forgotten", ready: "form, .card p" },
    { name: "tv", path: "/tv", ready: ".tv", devices: ["wide", "television"] },
    { name: "check-in", path: "/check-in", token: people.li.token, ready: "form", isKept: true },
    { name: "sign-on", path: "/sign-on/01m89rts1ggjpes5jwaddmaeww/callback?error=access_denied&state=x", ready: "main" },
    { name: "not-found", path: "/nowhere", ready: "a.button", isKept: true, complaint: NOT_FOUND },
    { name: "offline", path: "/offline", ready: "button", prepare: stay, isKept: true, complaint: /ERR_CONNECTION/ },
    { name: "first-run", path: "/console", server: fresh.server.http, token: fresh.token, ready: "form", isKept: true },
  ];
}

/** @param how the button's words */
function enterSmall(how: RegExp): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole("button", { name: how }).click();
    await page.locator(".tile-of-person").nth(2).waitFor();
    await page.waitForTimeout(4 * SETTLE_MS);
  };
}

function studioPages({ people, lessons }: World): readonly ShownPage[] {
  const { planned, board, camera, recorded, ended, small } = lessons;
  const { token } = people.wang;
  const turnOn = async (page: Page) => {
    await page.getByRole("button", { name: /^(Turn on camera and microphone|打开摄像头和麦克风)$/ }).click();
    await page.locator(".check-card.done").nth(2).waitFor();
  };
  /** The class beside the stage; on a narrow window, a drawer. */
  const openClass = (tab: RegExp) => async (page: Page) => {
    const drawer = page.locator(".studio-dock .drawer-button");
    if (await drawer.isVisible()) await drawer.click();
    await page.getByRole("tab", { name: tab }).click();
    await page.waitForTimeout(SETTLE_MS);
  };
  const live = { path: `/studio/${board.id}`, token, ready: "lectern-player", plays: true } as const;
  const edit = async (page: Page) => {
    const tile = page.getByRole("region", { name: /Recordings|录像/ });
    await tile.locator("lectern-replay").waitFor();
    await tile.scrollIntoViewIfNeeded();
    await page.waitForTimeout(2 * SETTLE_MS);
  };
  return [
    { name: "studio-before", path: `/studio/${planned.id}`, token, ready: "main", isKept: true },
    { name: "studio-prepare", path: `/studio/${planned.id}`, token, ready: "main", prepare: turnOn },
    { ...live, name: "studio-live", isKept: true },
    { ...live, name: "studio-quiz", prepare: openClass(/Quiz|测验/) },
    { ...live, name: "studio-people", prepare: openClass(/People|成员/) },
    { ...live, name: "studio-projector", path: `/studio/${board.id}?panel=projector` },
    { ...live, name: "studio-window", path: `/studio/${board.id}?panel=people`, plays: false, ready: ".panel-window" },
    { name: "studio-after", path: `/studio/${ended.id}`, token, ready: ".after" },
    { name: "studio-camera", path: `/studio/${camera.id}`, token: people.carter.token, ready: "lectern-player", plays: true },
    { name: "studio-small-door", path: `/studio/${small.id}`, token, ready: ".stage-people button" },
    { name: "studio-small", path: `/studio/${small.id}`, token, ready: ".stage-people button", prepare: enterSmall(LOOKING_ON) },
    { name: "studio-recordings", path: `/studio/${recorded.id}`, token, ready: "main", prepare: edit, isKept: true },
  ];
}

function ownPages({ people, lessons }: World): readonly ShownPage[] {
  const teacher = { token: people.wang.token };
  return [
    { name: "own-teacher", path: "/console", ...teacher, ready: ".my-lessons li", isKept: true },
    { name: "own-question-bank", path: "/console/question-bank", ...teacher, ready: "tbody tr, li" },
    { name: "own-analytics", path: `/console/lessons/${lessons.recorded.id}/analytics`, ...teacher, ready: ".figure-tiles" },
    { name: "own-student", path: "/console", token: people.li.token, ready: ".my-lessons li" },
    { name: "own-record", path: "/console/record", token: people.li.token, ready: "main" },
  ];
}

/** Below /console; a token of none is the administrator's. */
type AtConsole = (name: string, path: string, ready?: string, token?: string) => ShownPage;

const kept = (shown: ShownPage): ShownPage => ({ ...shown, isKept: true });

function consolePages(world: World): readonly ShownPage[] {
  const { people, server } = world;
  const page: AtConsole = (name, path, ready = "tbody tr", token = people.head.token) => ({
    name: `console-${name}`,
    path: `/console${path}`,
    token,
    ready,
  });
  const menu = async (opened: Page) => {
    await opened
      .getByRole("button", { name: /^(More|更多)/ })
      .first()
      .click();
    await opened.waitForTimeout(400);
  };
  const edit = async (opened: Page) => {
    await opened
      .getByRole("button", { name: /^(Edit|编辑)/ })
      .first()
      .click();
    await opened.waitForTimeout(600);
  };
  const add = async (opened: Page) => {
    await opened.getByRole("button", { name: /^(Add|添加)$/ }).click();
    await opened.waitForTimeout(600);
  };
  const invite = async (opened: Page) => {
    await opened.getByRole("checkbox").nth(1).check();
    // The page's own button invites everybody.
    await opened
      .locator(".bulk-bar")
      .getByRole("button", { name: /^(Invite|邀请)$/ })
      .click();
    await opened.waitForTimeout(600);
  };
  const chooseList = async (opened: Page) => {
    await opened
      .locator("input[type=file]")
      .setInputFiles({ name: "名单.csv", mimeType: "text/csv", buffer: Buffer.from(FAULTY_LIST) });
    await opened.locator("table").first().waitFor();
    await opened.waitForTimeout(600);
  };
  const prepared: Readonly<Record<string, ShownPage["prepare"]>> = {
    "console-people-menu": menu,
    "console-person": edit,
    "console-lesson-form": add,
    "console-people-import": chooseList,
    "console-people-invite": invite,
  };
  return [...schoolPages(world, page), ...platformPages(world, page)].map((shown): ShownPage => {
    const prepare = prepared[shown.name];
    return { server: server.http, ...(prepare ? { prepare } : {}), ...shown };
  });
}

function schoolPages({ people, courses, lessons, office }: World, page: AtConsole): readonly ShownPage[] {
  const { camera, recorded, view } = lessons;
  const operator = people.operator.token;
  return [
    kept(page("home", "", "img.still", operator)),
    kept(page("timetable", "/timetable", ".week-lesson, .month-lesson")),
    kept(page("lessons", "/lessons")),
    page("bin", "/lessons?state=deleted"),
    page("invited", `/lessons/${lessons.planned.id}/invited`, ".invited li"),
    page("forwards", `/lessons/${camera.id}/forwards`, ".forwards li"),
    kept(page("experience", `/lessons/${camera.id}/experience`, "tbody .complaint")),
    kept(page("why", `/why/${view}`, ".why-moment")),
    page("lesson-why", `/lessons/${camera.id}/why`, ".why-moment"),
    page("lesson-quality", `/lessons/${office.watchedLessonId}/quality`, "main section, main h1"),
    page("lesson-analytics", `/lessons/${recorded.id}/analytics`, ".figure-tiles"),
    page("courses", "/courses"),
    page("course-people", `/courses/${courses.maths}`, "tbody tr, .empty-state"),
    page("course-lessons", `/courses/${courses.maths}/lessons`),
    page("course-materials", `/courses/${courses.maths}/materials`, "main h1"),
    page("course-recordings", `/courses/${courses.maths}/recordings`, "tbody tr, .empty-state"),
    page("course-results", `/courses/${courses.maths}/results`, "main h1"),
    page("lesson-form", "/lessons"),
    page("lessons-import", "/lessons/import", "main h1"),
    page("people-import", "/people/import", "main h1"),
    page("people-invite", "/people"),
    page("question-bank", "/question-bank", "tbody tr, li"),
    kept(page("recordings", "/recordings")),
    kept(page("analytics", "/analytics", ".figure-tiles")),
    kept(page("people", "/people")),
    page("people-menu", "/people", "tbody tr"),
    page("person", "/people", "tbody tr"),
    page("record", `/people/${people.li.id}/record`, "main"),
    page("check-ins", "/check-ins"),
    page("check-in-answers", `/check-ins/${office.formId}`),
    page("schools", "/schools", "tbody tr", operator),
  ];
}

function platformPages({ people, lessons, office }: World, page: AtConsole): readonly ShownPage[] {
  const { board } = lessons;
  const operator = people.operator.token;
  return [
    page("streams", "/streams"),
    kept(page("stream", `/streams/live/${board.stream.name}`, "main", operator)),
    page("sources", "/sources", "tbody .job-word.bad"),
    page("cameras", "/sources/cameras", "main h1"),
    page("ladders", "/ladders"),
    page("policies", "/access"),
    kept(page("policy", `/access/policy?level=lesson&id=${board.id}`, ".rule.replaced")),
    page("address-lists", "/access/lists"),
    page("link-keys", "/access/keys"),
    page("explain", "/access/explain", "form"),
    page("refusals", "/access/refusals", "main"),
    page("word-lists", "/moderation"),
    page("content-checks", "/moderation/checks"),
    page("protection", "/protection", ".protection-quiet, .protection-wide", operator),
    page("exemptions", "/protection/exemptions", "tbody tr", operator),
    kept(page("nodes", "/nodes", "section strong", operator)),
    page("node", "/nodes/origin-1", "main", operator),
    page("jobs", "/jobs", "tbody .job-word.bad", operator),
    page("probes", "/probes", "tbody tr", operator),
    page("probe", `/probes/${office.probeId}`, "main", operator),
    kept(page("alarms", "/alarms", "tbody tr", operator)),
    page("alarm", `/alarms/${office.alarmId}`, "main", operator),
    page("alarm-rules", "/alarms/rules", "tbody tr", operator),
    page("alarm-channels", "/alarms/channels", "tbody tr", operator),
    kept(page("quality", "/quality", "main")),
    page("make-ups", "/quality/make-ups", "main"),
    page("webhooks", "/webhooks"),
    page("webhook", `/webhooks/${office.webhookId}`, "main"),
    page("keys", "/keys"),
    page("providers", "/providers"),
    page("platforms", "/platforms"),
    page("account", "/account", "main"),
    page("approvals", "/approvals", "main h1"),
    page("audit", "/audit"),
    page("calendar", "/settings/calendar", "main h1"),
    page("settings", "/settings", "textarea"),
    page("appearance", "/settings/appearance", ".preview"),
    { ...page("screen", "/screen", "main, .screen", operator), devices: ["desktop", "television"] as const },
  ];
}

export const devicesOf = ({ devices = READ }: ShownPage): readonly Device[] => devices;
