/** The pages of the console, in the groups and in the order of the navigation. */
import type { IconName } from "../../design/icon-paths.ts";

/** A page has a name in the messages under `nav`, and an address of the same name. */
export type ConsolePage = { readonly name: string; readonly path: string; readonly icon: IconName };
/** `null`: stands outside of the groups. Their names are in the messages under `navGroups`. */
export type PageGroup = { readonly name: GroupName | null; readonly pages: readonly ConsolePage[] };
type GroupName = "teach" | "people" | "platform" | "developers";

type Entry = readonly [name: string, icon: IconName, forWhom?: "operators"];

const GROUPS: readonly { readonly name: GroupName | null; readonly pages: readonly Entry[] }[] = [
  { name: null, pages: [["home", "home"]] },
  {
    name: "teach",
    pages: [
      ["timetable", "calendar"],
      ["lessons", "lesson"],
      ["courses", "book"],
      ["question-bank", "question"],
      ["recordings", "recording"],
      ["analytics", "chart"],
      ["quality", "gauge"],
    ],
  },
  {
    name: "people",
    pages: [
      ["people", "people"],
      ["check-ins", "checklist"],
      ["schools", "school", "operators"],
      ["providers", "signIn"],
      ["moderation", "flag"],
      ["audit", "audit"],
    ],
  },
  {
    name: "platform",
    pages: [
      ["streams", "broadcast"],
      ["sources", "source"],
      ["ladders", "layers"],
      ["access", "shield"],
      ["protection", "lock", "operators"],
      ["nodes", "server", "operators"],
      ["jobs", "tasks", "operators"],
      ["probes", "probe"],
      ["alarms", "alarm"],
    ],
  },
  {
    name: "developers",
    pages: [
      ["webhooks", "link"],
      ["keys", "key"],
      ["platforms", "puzzle"],
    ],
  },
  { name: null, pages: [["settings", "settings"]] },
];

export function pageGroups(isOperator: boolean): readonly PageGroup[] {
  return GROUPS.map(({ name: group, pages }) => ({
    name: group,
    pages: pages
      .filter(([, , forWhom]) => isOperator || forWhom === undefined)
      .map(([name, icon]) => ({ name, icon, path: name === "home" ? "/" : `/${name}` })),
  }));
}

/** Whether an address of the console is of a page, or below it. */
export function isAt(location: string, path: string): boolean {
  return location === path || (path !== "/" && location.startsWith(`${path}/`));
}
