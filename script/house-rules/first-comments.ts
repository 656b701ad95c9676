/** Finds files whose first comment does not begin with what the file does: a verb in the third person. */
import type { Source } from "./sources.ts";

/** Plurals that name things. They are verbs only where an object follows: "Names what alarms measure", not "Names of alarms". */
const NOUNS = new Set(
  `
    Access Actions Actors Addresses Announcements Bars Bits Bodies Buttons Bytes Candidates Canvases Cells Class
    Clients Clips Codes Colours Columns Controls Courses Credentials Dates Devices Downloads Entries Events Fields
    Figures Files Guests Headers Headings Histograms Icons Images Kinds Lessons Lines Links Loss Marks Materials
    Members Messages Metrics Names Numbers Options Opus Packets Pages Parts Pictures Places Playlists Points
    Processes Prometheus Publishers Questions Rates Reactions Refusals Renditions Retransmissions Roles Rooms
    Rounds Routes Rows Rules Schools Series Shapes Signs Strips Tabs Tags Tests Texts This Threads Thumbnails
    Times Types Uploads Values Words
  `.match(/\w+/g),
);
const AFTER_A_NOUN = /^(?:of|for|that|in|on|with|which|who|whose|as|from|about|between|by|and|or|to|without)$/;

export function findFirstComments(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text, isTest, isGenerated }) => {
    const [, comment = ""] = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(text) ?? [];
    const words = comment.replace(/\n \*/g, " ").trim();
    return isTest || isGenerated || words === "" || beginsWithVerb(words)
      ? []
      : [`${path}: begins with "${words.slice(0, 40)}", not with what the file does: a verb in the third person`];
  });
}

function beginsWithVerb(words: string): boolean {
  const [, first = "", sign = "", next = ""] = /^([^\s,:;.]+)([,:;.]?)\s*(\S*)/.exec(words) ?? [];
  return /^[A-Z][a-z]+(?:-[a-z]+)?s$/.test(first) && !(NOUNS.has(first) && (sign !== "" || AFTER_A_NOUN.test(next)));
}
