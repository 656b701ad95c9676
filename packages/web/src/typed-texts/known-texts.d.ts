/** Lists the texts of all pages for `../texts/text-key.ts`. It stands apart: it knows every page, and every page has texts. */
import type { DRAWING_MESSAGES } from "../board/drawing/messages.ts";
import type { BOARD_MESSAGES } from "../board/messages.ts";
import type { TEACHER_BOARD_MESSAGES } from "../board/teacher/messages.ts";
import type { CHECK_IN_MESSAGES } from "../check-in/messages.ts";
import type { CLASS_MESSAGES } from "../class/messages.ts";
import type { GROUP_MESSAGES } from "../class/room/groups/messages.ts";
import type { ROOM_MESSAGES } from "../class/room/messages.ts";
import type { REPLAY_MESSAGES } from "../class/room/replay/messages.ts";
import type { CONSOLE_MESSAGES } from "../console/messages/messages.ts";
import type { CONSOLE_PAGE_MESSAGES } from "../console/messages/pages.ts";
import type { EXAM_MESSAGES } from "../exam/messages.ts";
import type { PRINT_MESSAGES } from "../exam/print/messages.ts";
import type { SECTION_MESSAGES } from "../exam/sections/messages.ts";
import type { WATCHED_MESSAGES } from "../exam/supervision/messages.ts";
import type { LTI_MESSAGES } from "../lti/messages.ts";
import type { NOT_FOUND_MESSAGES } from "../not-found/messages.ts";
import type { WORDS_MESSAGES } from "../recorded-words/messages.ts";
import type { RESET_MESSAGES } from "../reset/messages.ts";
import type { SIGN_ON_MESSAGES } from "../sign-on/messages.ts";
import type { STAGE_MESSAGES } from "../stage/messages.ts";
import type { STUDIO_MESSAGES } from "../studio/messages.ts";
import type { DIVISION_MESSAGES } from "../studio/room/groups/messages.ts";
import type { SUPERVISION_MESSAGES } from "../supervision/messages.ts";
import type { TOOL_MESSAGES } from "../tools/messages.ts";
import type { WATCH_MESSAGES } from "../watch/messages.ts";

type Pages = [
  typeof DRAWING_MESSAGES,
  typeof BOARD_MESSAGES,
  typeof TEACHER_BOARD_MESSAGES,
  typeof CHECK_IN_MESSAGES,
  typeof CLASS_MESSAGES,
  typeof GROUP_MESSAGES,
  typeof ROOM_MESSAGES,
  typeof REPLAY_MESSAGES,
  typeof CONSOLE_MESSAGES,
  typeof CONSOLE_PAGE_MESSAGES,
  typeof EXAM_MESSAGES,
  typeof PRINT_MESSAGES,
  typeof SECTION_MESSAGES,
  typeof WATCHED_MESSAGES,
  typeof LTI_MESSAGES,
  typeof NOT_FOUND_MESSAGES,
  typeof RESET_MESSAGES,
  typeof SIGN_ON_MESSAGES,
  typeof STAGE_MESSAGES,
  typeof STUDIO_MESSAGES,
  typeof DIVISION_MESSAGES,
  typeof SUPERVISION_MESSAGES,
  typeof TOOL_MESSAGES,
  typeof WATCH_MESSAGES,
  typeof WORDS_MESSAGES,
];

declare module "../texts/text-key.ts" {
  interface KnownTexts {
    readonly pages: Pages[number];
  }
}
