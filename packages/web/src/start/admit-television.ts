/**
 * Provides `/tv?code=CODE` on a phone: lets the television that shows the code into a lesson of the person. `?class=CODE`: the lesson that the phone
 * is in.
 */
import { guestToken } from "../class/lesson-door.ts";
import { formatDateTime, type Language } from "../language.ts";
import { api, publicApi, unwrap } from "../session/api.ts";
import { errorCode, errorMessage } from "../session/error-message.ts";
import { forgetValue, keepValue, keptValue } from "../session/kept-values.ts";
import { isSignedIn } from "../session/signed-in.ts";
import { box, codeField, link, text } from "./elements.ts";
import { START_MESSAGES } from "./messages.ts";
import { nextLessons, RETRY_MS } from "./next-lessons.ts";

/** The code of the television stays in this tab, while the person goes to the lesson first. */
const CODE_KEY = "lectern.tv-code";
const PATTERN = "[A-Za-z\\- ]{8,10}";
const SOON_MS = 12 * 3_600_000;
const MAX_ASKED = 20;

type Choice = { readonly id: string; readonly title: string; readonly when: string; readonly classCode: string | null };

export async function admitTelevision(page: HTMLElement, language: Language, query: URLSearchParams): Promise<void> {
  const messages = START_MESSAGES[language];
  document.title = `${messages.admitTitle} · Lectern`;
  const given = query.get("code");
  if (given) keepValue("tab", CODE_KEY, given);
  const choices = await choicesOf(query.get("class"), language).catch((failure: unknown) => {
    if (errorCode(failure) === "offline") setTimeout(() => void admitTelevision(page, language, query), RETRY_MS);
    return errorMessage(failure, messages.offline);
  });
  const title = text("h1", messages.admitTitle);
  if (typeof choices === "string") return page.replaceChildren(box("door", title, alert(choices)));
  if (choices.length === 0) return page.replaceChildren(box("door", title, ...withoutLesson(language)));
  page.replaceChildren(box("door", title, text("p", messages.admitLead), admitForm(page, language, choices)));
}

/** Of a class that the phone is in: that lesson. Else those of the person that are now or soon. */
async function choicesOf(classCode: string | null, language: Language): Promise<readonly Choice[]> {
  if (classCode !== null) {
    const params = { path: { code: classCode } };
    const { lessonId: id, title } = await unwrap(publicApi().GET("/api/v1/invitations/{code}", { params }));
    return [{ id, title, when: "", classCode }];
  }
  const lessons = (await nextLessons(SOON_MS, MAX_ASKED)) ?? [];
  return lessons.map(({ id, title, startsAt }) => ({
    id,
    title,
    when: startsAt ? formatDateTime(startsAt, language) : "",
    classCode: null,
  }));
}

function withoutLesson(language: Language): readonly HTMLElement[] {
  const messages = START_MESSAGES[language];
  const ways = [text("p", messages.admitFirst), link("/?code", messages.join, "button primary")];
  return isSignedIn() ? ways : [...ways, link("/console", messages.signIn)];
}

function admitForm(page: HTMLElement, language: Language, choices: readonly Choice[]): HTMLElement {
  const messages = START_MESSAGES[language];
  const value = keptValue("tab", CODE_KEY) ?? "";
  const { field, input } = codeField({ id: "tv", label: messages.tvCode, hint: messages.admitHint, value, pattern: PATTERN });
  const refused = alert("");
  refused.hidden = true;
  const form = document.createElement("form");
  form.className = "join-form";
  form.append(field, refused);
  const show = async (choice: Choice): Promise<void> => {
    try {
      await unwrap(
        api().POST("/api/v1/screens/admission", { body: { code: input.value, lessonId: choice.id, ...tokenOf(choice) } }),
      );
      forgetValue("tab", CODE_KEY);
      page.replaceChildren(admittedView(language, choice));
    } catch (failure) {
      refused.textContent = errorMessage(failure, messages.notSent);
      refused.hidden = false;
    }
  };
  for (const choice of choices) {
    const button = text("button", messages.showLesson.replace("{{title}}", choice.title), "button primary");
    button.addEventListener("click", (event) => {
      if (!input.reportValidity()) return;
      event.preventDefault();
      void show(choice);
    });
    form.append(button);
    if (choice.when !== "") form.append(text("small", choice.when));
  }
  return form;
}

function tokenOf({ classCode }: Choice): { readonly token?: string } {
  const token = classCode === null ? null : guestToken(classCode);
  return token === null ? {} : { token };
}

function admittedView(language: Language, { title, classCode }: Choice): HTMLElement {
  const messages = START_MESSAGES[language];
  const done = text("p", messages.admitted.replace("{{title}}", title));
  done.setAttribute("role", "status");
  const back = classCode === null ? link("/", messages.start) : link(`/class/${classCode}`, messages.backToLesson);
  return box("door", text("h1", messages.admitTitle), done, back);
}

function alert(words: string): HTMLElement {
  const node = text("p", words, "error");
  node.setAttribute("role", "alert");
  return node;
}
