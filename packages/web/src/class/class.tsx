/** Shows `/class/CODE` and `/j/CODE`: the lesson for students. After it, its query names a recording (`wanted-recording.ts`). */
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { pageSubject } from "../page-subject.ts";
import { ClassPage } from "./class-page.tsx";
import { CLASS_MESSAGES } from "./messages.ts";
import { wantedRecording } from "./wanted-recording.ts";

initTranslations(CLASS_MESSAGES);

mountPage(<ClassPage code={pageSubject()} wanted={wantedRecording(location.search)} />);
