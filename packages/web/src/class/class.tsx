/** Shows `/class/CODE` and `/j/CODE`: the lesson for students. `?recording=ID` selects a recording after the lesson. */
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { pageSubject } from "../page-subject.ts";
import { ClassPage } from "./class-page.tsx";
import { CLASS_MESSAGES } from "./messages.ts";

initTranslations(CLASS_MESSAGES);

mountPage(<ClassPage code={pageSubject()} recordingId={new URLSearchParams(location.search).get("recording")} />);
