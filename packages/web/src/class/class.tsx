/** `/class/CODE` and `/j/CODE`: the lesson for students. `?recording=ID` selects a recording after the lesson. */
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { ClassPage } from "./class-page.tsx";
import { CLASS_MESSAGES } from "./messages.ts";

initTranslations(CLASS_MESSAGES);

const code = decodeURIComponent(location.pathname.split("/")[2] ?? "");
mountPage(<ClassPage code={code} recordingId={new URLSearchParams(location.search).get("recording")} />);
